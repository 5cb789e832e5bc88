package io.github.difyjakarta.client.config;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a call that provably had no effect is made again. What may be repeated is decided by the caller of {@link #delay};
 * this is only how often and how soon.
 *
 * @param attempts all tries together; 1 (never again) to 10, default 3
 * @param delay before the second try, doubling after; default 1 s
 * @param maxDelay the longest wait, also when Dify asks for more by {@code Retry-After}; default 30 s
 */
public record RetryPolicy(int attempts, Duration delay, Duration maxDelay) {
    /** What the parameters say. */
    public static final RetryPolicy DEFAULTS = new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** Every call is made once. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ofSeconds(1), Duration.ofSeconds(1));

    public RetryPolicy {
        if (attempts < 1 || attempts > 10) {
            throw new IllegalArgumentException("attempts must be 1 to 10, not " + attempts);
        }
        if (delay.isNegative() || maxDelay.compareTo(delay) < 0) {
            throw new IllegalArgumentException("delay must be 0 or longer and at most maxDelay, not " + delay);
        }
    }

    /**
     * How long to wait before the next try.
     *
     * @param made tries so far, at least 1
     * @param asked what the peer asked for by {@code Retry-After}
     * @param random gives the jitter: half to all of the doubled delay
     * @return empty when there is no further try
     */
    public Optional<Duration> delay(int made, Optional<Duration> asked, RandomGenerator random) {
        if (made >= attempts) {
            return Optional.empty();
        }
        long doubled = Math.min(maxDelay.toMillis(), delay.toMillis() << (made - 1));
        Duration jittered = Duration.ofMillis(doubled / 2 + random.nextLong(doubled / 2 + 1));
        Duration wait = asked.filter(a -> a.compareTo(jittered) > 0).orElse(jittered);
        return Optional.of(wait.compareTo(maxDelay) > 0 ? maxDelay : wait);
    }
}
