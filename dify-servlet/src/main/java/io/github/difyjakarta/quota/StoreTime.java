package io.github.difyjakarta.quota;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * The clock of a shared store as it was at one moment, and from then on a clock that nobody sets: all nodes agree, and what an
 * administrator does to the time of a machine neither frees nor freezes a bucket. Immutable.
 *
 * @param offset from {@link System#nanoTime} of this process to the store's time
 */
record StoreTime(long offset) implements TimeMeter {

    /**
     * A clock that continues the store's.
     *
     * @param sinceEpoch what the store's says
     * @param nanoTime when it said that
     */
    static StoreTime from(Duration sinceEpoch, long nanoTime) {
        return new StoreTime(sinceEpoch.toNanos() - nanoTime);
    }

    @Override
    public long currentTimeNanos() {
        return System.nanoTime() + offset;
    }

    /** Bucket4j's word for a time that means the same on every node. */
    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
