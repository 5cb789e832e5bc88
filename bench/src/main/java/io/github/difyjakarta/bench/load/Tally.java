package io.github.difyjakarta.bench.load;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Counts while the load runs. Confined to its thread. */
final class Tally {

    private static final int DIGITS = 3;

    private final Histogram latency = new Histogram(DIGITS);
    private final Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
    private final Map<Integer, Long> left = new HashMap<>();
    private final long started;
    private final long measuredFrom;
    private long events;
    private long lastEvent;
    private int completed;

    Tally(long now, Duration settle) {
        this.started = now;
        this.lastEvent = now;
        this.measuredFrom = now + settle.toNanos();
        latency.setAutoResize(true);
    }

    void event(long stamp, long now) {
        events++;
        lastEvent = now;
        if (stamp >= measuredFrom) {
            latency.recordValue(Math.max(0, now - stamp));
        }
    }

    void completed() {
        completed++;
    }

    void left(int stream, long now) {
        left.put(stream, now);
        completed++;
    }

    void failed(Failure how) {
        failures.merge(how, 1, Integer::sum);
    }

    LoadResult result(long cpuNanos) {
        return new LoadResult(
                latency,
                events,
                completed,
                failures,
                Duration.ofNanos(lastEvent - started),
                Duration.ofNanos(cpuNanos),
                Duration.ofNanos(System.nanoTime() - started),
                left);
    }
}
