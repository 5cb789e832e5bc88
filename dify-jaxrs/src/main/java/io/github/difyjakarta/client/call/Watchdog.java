package io.github.difyjakarta.client.call;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One timer for a deadline that keeps moving away: when it fires early it only looks again, so that moving the deadline
 * costs nothing. Thread-safe.
 */
final class Watchdog {
    private final ScheduledExecutorService scheduler;
    private final LongSupplier deadline;
    private final Runnable expired;
    private @Nullable Future<?> timer;
    private boolean ended;

    /**
     * @param deadline in the terms of {@link System#nanoTime()}
     * @param expired called once it has passed
     */
    Watchdog(ScheduledExecutorService scheduler, LongSupplier deadline, Runnable expired) {
        this.scheduler = scheduler;
        this.deadline = deadline;
        this.expired = expired;
    }

    /** Starts, or looks at once again at a deadline that came nearer. */
    synchronized void arm() {
        if (ended) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        long left = Math.max(0, deadline.getAsLong() - System.nanoTime());
        timer = scheduler.schedule(this::look, left, TimeUnit.NANOSECONDS);
    }

    synchronized void end() {
        ended = true;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void look() {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (deadline.getAsLong() - System.nanoTime() > 0) {
                timer = null;
                arm();
                return;
            }
        }
        expired.run();
    }
}
