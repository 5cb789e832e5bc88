package io.github.difyjakarta.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The connection of a request that goes on in another protocol, such as a WebSocket, as far as the server lets it be reached: on
 * Payara and GlassFish over HTTP/1. Elsewhere its methods do nothing, and the server's own limits apply. Thread-safe. Not for
 * applications.
 */
public final class UpgradedConnection {

    private final Optional<GrizzlyConnection> connection;

    private UpgradedConnection(Optional<GrizzlyConnection> connection) {
        this.connection = connection;
    }

    /** Of a request, before it is upgraded. */
    public static UpgradedConnection of(HttpServletRequest request) {
        return new UpgradedConnection(GrizzlyConnection.of(request));
    }

    /** Makes the server buffer nothing beyond the socket, so that what was written is what the peer's side has taken. */
    public void takeOnlyWhatThePeerReads() {
        connection.ifPresent(GrizzlyConnection::takeOnlyWhatThePeerReads);
    }

    /**
     * Calls back when it is closed, at once if it is already. To be had beside what the other protocol tells: a peer that leaves
     * right after the upgrade can be gone before that listens.
     *
     * @param callback must not block; may run on the caller's thread
     */
    public void onClosed(Runnable callback) {
        connection.ifPresent(known -> known.onClosed(callback));
    }

    /** Closes it at once, and drops what it holds; for a peer that takes nothing. */
    public void terminate() {
        connection.ifPresent(GrizzlyConnection::terminate);
    }
}
