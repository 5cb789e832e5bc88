package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.AppAccess;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.relay.EventPolicy;
import io.github.difyjakarta.servlet.UpgradedConnection;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who came in at the handshake, and to what. Travels from the servlet to the endpoint as the principal of the request: of all
 * that a container hands on, the one thing that only we can have set. Immutable.
 *
 * @param name the caller's
 * @param user as Dify knows the caller
 * @param client of the app
 * @param access to the app
 * @param events what the caller gets to see of a run
 * @param allowance what the caller may ask
 * @param words makes what says one answer
 * @param session the id of the HTTP session with which the caller came
 * @param connection below the request
 * @param sockets where it is kept
 */
record Visitor(
        String name,
        String user,
        DifyClient client,
        AppAccess access,
        EventPolicy events,
        Allowance allowance,
        Supplier<AnswerFrames> words,
        Optional<String> session,
        UpgradedConnection connection,
        Sockets sockets)
        implements Principal, Gate.Verdict {
    @Override
    public String getName() {
        return name;
    }

    /** No names: a container may log it. */
    @Override
    public String toString() {
        return "Visitor";
    }
}
