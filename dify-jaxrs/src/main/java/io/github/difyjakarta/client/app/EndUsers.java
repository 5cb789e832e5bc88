package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import java.util.concurrent.CompletableFuture;

/** Who used an app, since Dify 1.13. Not for browsers: anybody's id is answered. Thread-safe. */
public final class EndUsers {
    private final Calls calls;

    /** Users of an app. */
    public EndUsers(Calls calls) {
        this.calls = calls;
    }

    /**
     * One of them: {@code GET /end-users/{end_user_id}}, and waits.
     *
     * @param endUserId from {@code created_by} of a file or {@link Feedback#fromEndUserId()}
     */
    public EndUser get(String endUserId) {
        return Calls.await(getAsync(endUserId));
    }

    /** The same without waiting. */
    public CompletableFuture<EndUser> getAsync(String endUserId) {
        return calls.send(
                Request.get("/end-users/{}", Require.uuid("endUserId", endUserId))
                        .since("1.13.0"),
                EndUser::new);
    }
}
