package io.github.difyjakarta.client.config;

/**
 * How much at once.
 *
 * @param maxConcurrentRequests at once to this app, stop calls not counted; 1 to 100,000, default 100
 * @param maxEventBytes the largest event of a stream, and the largest document, that is read; at least 1 KiB, default 16 MiB
 * @param bufferBytes of a stream whose reader is slow: above it no more is asked of Dify, where the mode allows; default
 *     256 KiB
 * @param maxUnsentBytes where the mode does not allow that: above it the stream ends with {@code slow_reader}; at least
 *     {@code bufferBytes}, default 4 MiB
 */
public record Limits(int maxConcurrentRequests, int maxEventBytes, int bufferBytes, int maxUnsentBytes) {
    /** What the parameters say. */
    public static final Limits DEFAULTS = new Limits(100, 16 * 1024 * 1024, 256 * 1024, 4 * 1024 * 1024);

    /**
     * @throws IllegalArgumentException naming the component and its range
     */
    public Limits {
        requireAtLeast("maxConcurrentRequests", maxConcurrentRequests, 1);
        requireAtLeast("maxEventBytes", maxEventBytes, 1024);
        requireAtLeast("bufferBytes", bufferBytes, 1024);
        requireAtLeast("maxUnsentBytes", maxUnsentBytes, bufferBytes);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }
}
