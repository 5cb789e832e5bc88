package io.github.difyjakarta.client.config;

import java.time.Duration;

/**
 * When a server that does not answer is left alone for a while: calls then fail at once, and do not pile up behind their
 * timeouts. What counts is that it cannot be reached, answers too late, with 5xx, or breaks a stream off; a refusal of what was
 * asked (4xx) and a caller who gives up do not.
 *
 * @param enabled whether calls are ever refused so; default true
 * @param failures in a row until then; 1 to 10,000, default 10
 * @param delay until one call is let through, whose success ends it, and whose failure begins another; 1 ms to 1 day, default
 *     10 s
 */
public record BreakerPolicy(boolean enabled, int failures, Duration delay) {
    private static final int MOST_FAILURES = 10_000;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** What the parameters say. */
    public static final BreakerPolicy DEFAULTS = new BreakerPolicy(true, 10, Duration.ofSeconds(10));

    /** Every call is made. */
    public static final BreakerPolicy OFF = new BreakerPolicy(false, 10, Duration.ofSeconds(10));

    /**
     * @throws IllegalArgumentException naming the component and the form it should have
     */
    public BreakerPolicy {
        if (failures < 1 || failures > MOST_FAILURES) {
            throw new IllegalArgumentException("failures must be 1 to 10,000, not " + failures);
        }
        if (delay.compareTo(SHORTEST) < 0 || delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("delay must be 1 ms to 1 day, not " + delay);
        }
    }
}
