package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A clock that is set moves no bucket: in memory time is that of the JVM alone (an architecture rule), elsewhere this one's. */
class StoreTimeTest {

    @Test
    void goesOnFromTheStoresTimeByAClockThatNobodySets() {
        long now = System.nanoTime();
        StoreTime time = StoreTime.from(
                Duration.ofDays(20_000), now - Duration.ofHours(1).toNanos());
        long first = time.currentTimeNanos();
        long second = time.currentTimeNanos();
        Duration atFirst = Duration.ofNanos(first);
        assertThat(atFirst)
                .isBetween(
                        Duration.ofDays(20_000).plusHours(1),
                        Duration.ofDays(20_000).plusHours(2));
        assertThat(second).isBetween(first, first + Duration.ofHours(1).toNanos());
        assertThat(time.isWallClockBased()).as("the same on every node").isTrue();
    }
}
