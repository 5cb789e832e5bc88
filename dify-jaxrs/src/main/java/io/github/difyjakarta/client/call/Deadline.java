package io.github.difyjakarta.client.call;

import java.time.Duration;

/**
 * Until when a call without a stream may take: a time that begins anew with each sign of life or, where the caller has set it,
 * one for all of the call. Thread-safe.
 */
final class Deadline {
    private final Duration time;
    private final boolean fixed;
    private volatile long at;

    private Deadline(Duration time, boolean fixed) {
        this.time = time;
        this.fixed = fixed;
        this.at = System.nanoTime() + time.toNanos();
    }

    /** A time without a sign of life. */
    static Deadline ofSilence(Duration time) {
        return new Deadline(time, false);
    }

    /** A time from now, whatever comes. */
    static Deadline ofAll(Duration time) {
        return new Deadline(time, true);
    }

    /** The time that is given. */
    Duration time() {
        return time;
    }

    /** A sign of life. */
    void moved() {
        if (!fixed) {
            at = System.nanoTime() + time.toNanos();
        }
    }

    /** In the terms of {@link System#nanoTime()}. */
    long at() {
        return at;
    }

    /** Whether there is time for a wait. */
    boolean allows(Duration wait) {
        return System.nanoTime() + wait.toNanos() - at <= 0;
    }
}
