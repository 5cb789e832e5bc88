package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** For what nobody tells us of: threads that end, files that are closed, queues that empty. */
final class Eventually {
    private static final long LOOK_EACH_NANOS = 2_000_000;

    private Eventually() {}

    static void holds(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_EACH_NANOS);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}
