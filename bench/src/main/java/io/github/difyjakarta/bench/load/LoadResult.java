package io.github.difyjakarta.bench.load;

import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param latency nanoseconds from an event's write to the moment its bytes were read here
 * @param events of all streams but the stuck ones
 * @param completed streams that came whole
 * @param failures how many streams failed, and how
 * @param took from the first connection to the last event
 * @param cpu of the load generator's thread
 * @param elapsed for which that was
 * @param left {@link System#nanoTime} of the moments at which clients left, by stream
 */
public record LoadResult(
        Histogram latency,
        long events,
        int completed,
        Map<Failure, Integer> failures,
        Duration took,
        Duration cpu,
        Duration elapsed,
        Map<Integer, Long> left) {

    public LoadResult {
        failures = Map.copyOf(failures);
        left = Map.copyOf(left);
    }

    /** {@return streams that failed in any way} */
    public int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** {@return latency in microseconds that so many percent of the events stayed below} */
    public double micros(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }

    /** {@return events in a second} */
    public double eventsPerSecond() {
        return events / seconds(took);
    }

    /** {@return whole streams in a second} */
    public double streamsPerSecond() {
        return completed / seconds(took);
    }

    /** {@return the part of one core that the load generator used, 0 to 1: near 1 it is what was measured} */
    public double ownShare() {
        return seconds(cpu) / seconds(elapsed);
    }

    private static double seconds(Duration time) {
        return Math.max(1, time.toNanos()) / 1e9;
    }
}
