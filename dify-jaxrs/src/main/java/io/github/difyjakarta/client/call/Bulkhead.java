package io.github.difyjakarta.client.call;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A number of places, taken in order of asking. Nobody waits on a thread for one.
 *
 * <p>Thread-safe.
 */
final class Bulkhead {
    /** A place; given back once, however often it is closed. */
    final class Permit implements AutoCloseable {
        private final AtomicBoolean held = new AtomicBoolean(true);

        @Override
        public void close() {
            if (held.compareAndSet(true, false)) {
                giveBack();
            }
        }
    }

    private final ScheduledExecutorService scheduler;
    private final ArrayDeque<CompletableFuture<Optional<Permit>>> waiting = new ArrayDeque<>();
    private int free;

    Bulkhead(int places, ScheduledExecutorService scheduler) {
        this.free = places;
        this.scheduler = scheduler;
    }

    /**
     * Asks for a place.
     *
     * @return completes with a permit, or empty when none came free in time; completing it otherwise, by cancelling, gives up
     */
    CompletableFuture<Optional<Permit>> acquire(Duration timeout) {
        CompletableFuture<Optional<Permit>> place = new CompletableFuture<>();
        synchronized (waiting) {
            if (free > 0) {
                free--;
                return CompletableFuture.completedFuture(Optional.of(new Permit()));
            }
            waiting.add(place);
        }
        ScheduledFuture<?> timer =
                scheduler.schedule(() -> place.complete(Optional.empty()), timeout.toMillis(), TimeUnit.MILLISECONDS);
        place.whenComplete((permit, failure) -> {
            timer.cancel(false);
            synchronized (waiting) {
                waiting.removeIf(other -> other == place);
            }
        });
        return place;
    }

    private void giveBack() {
        while (true) {
            CompletableFuture<Optional<Permit>> next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    free++;
                    return;
                }
            }
            if (next.complete(Optional.of(new Permit()))) {
                return;
            }
            // that one gave up meanwhile: the place goes to the one behind
        }
    }
}
