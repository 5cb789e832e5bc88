package io.github.difyjakarta.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Waits until a number that grows has stopped growing. */
final class Steady {
    private static final long LOOK_EACH_NANOS = 20_000_000;
    private static final int LOOKS = 15;

    private Steady() {}

    static void await(LongSupplier number, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long last = -1;
        for (int same = 0; same < LOOKS && System.nanoTime() - deadline < 0; ) {
            long now = number.getAsLong();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            LockSupport.parkNanos(LOOK_EACH_NANOS);
        }
    }
}
