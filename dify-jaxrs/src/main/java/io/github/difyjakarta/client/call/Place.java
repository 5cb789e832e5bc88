package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call's place among the concurrent requests of its app: asked for, held, given back once. Thread-safe. */
final class Place {
    private final Session session;

    // Guarded by this:
    private @Nullable CompletableFuture<Optional<Bulkhead.Permit>> asked;
    private boolean released;

    Place(Session session) {
        this.session = session;
    }

    /**
     * Asks for the place.
     *
     * @param granted called once it is there, perhaps at once
     * @param refused called when none came free in time
     */
    void acquire(Runnable granted, Consumer<DifyException> refused) {
        CompletableFuture<Optional<Bulkhead.Permit>> place =
                session.bulkhead().acquire(session.config().timeouts().acquire());
        boolean late;
        synchronized (this) {
            asked = place;
            late = released;
        }
        if (late) {
            giveBack(place);
            return;
        }
        place.thenAccept(permit -> {
            if (permit.isPresent()) {
                granted.run();
            } else {
                refused.accept(new DifyConnectionException(
                        DifyConnectionException.BUSY,
                        "all " + session.config().limits().maxConcurrentRequests()
                                + " concurrent requests to Dify are taken",
                        false));
            }
        });
    }

    /** Gives it back, or up. */
    void release() {
        CompletableFuture<Optional<Bulkhead.Permit>> place;
        synchronized (this) {
            released = true;
            place = asked;
        }
        if (place != null) {
            giveBack(place);
        }
    }

    private static void giveBack(CompletableFuture<Optional<Bulkhead.Permit>> place) {
        place.cancel(false);
        if (!place.isCancelled()) {
            place.join().ifPresent(Bulkhead.Permit::close);
        }
    }
}
