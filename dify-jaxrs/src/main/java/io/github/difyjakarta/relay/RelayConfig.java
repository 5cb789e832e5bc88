package io.github.difyjakarta.relay;

import java.time.Duration;

/**
 * How the relay treats browsers.
 *
 * @param preambleAfter until then a refusal of Dify's still has its own status; after it the browser gets its first bytes
 *     whatever Dify does; 0 to 1 s keeps the promise of a first byte within a second; default 800 ms
 * @param heartbeat the longest silence towards the browser, and how soon a browser that left is noticed where the server
 *     does not tell (at the second or third heartbeat); 100 ms or longer, default 10 s, as Dify's own pings
 * @param writeTimeout how long a browser may take nothing before its stream is ended; longer than 0, default 30 s
 * @param shutdownGrace how long an undeployment waits for open streams to be stopped at Dify; default 10 s
 * @param replayBytes of what a stream has sent, kept for a browser that comes back to it; so much for each stream whose browser
 *     asked for that; 64 KiB or more, default 1 MiB
 * @param resumeGrace how long such a stream is kept without a browser, and its run goes on; after it the run is stopped at Dify;
 *     0 stops it at once, default 15 s
 * @param keptStreams how many streams are kept without a browser at once; beyond it the one that was left first is given up; at
 *     least 1, default 200
 * @param maxBodyBytes the largest request body; at least 1 KiB, default 1 MiB
 */
public record RelayConfig(
        Duration preambleAfter,
        Duration heartbeat,
        Duration writeTimeout,
        Duration shutdownGrace,
        int replayBytes,
        Duration resumeGrace,
        int keptStreams,
        int maxBodyBytes) {
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(100);
    private static final int SMALLEST_BODY = 1024;
    /** So much may be on its way to a browser that is gone. */
    private static final int SMALLEST_REPLAY = 64 * 1024;

    /** What the parameters say. */
    public static final RelayConfig DEFAULTS = new RelayConfig(
            Duration.ofMillis(800),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            1024 * 1024,
            Duration.ofSeconds(15),
            200,
            1024 * 1024);

    /**
     * @throws IllegalArgumentException naming the component and the form it should have
     */
    public RelayConfig {
        if (heartbeat.compareTo(SHORTEST_HEARTBEAT) < 0) {
            throw new IllegalArgumentException("heartbeat must be 100 ms or longer, not " + heartbeat);
        }
        if (writeTimeout.isNegative() || writeTimeout.isZero()) {
            throw new IllegalArgumentException("writeTimeout must be longer than 0, not " + writeTimeout);
        }
        if (preambleAfter.isNegative() || shutdownGrace.isNegative()) {
            throw new IllegalArgumentException("preambleAfter and shutdownGrace must not be negative");
        }
        if (resumeGrace.isNegative()) {
            throw new IllegalArgumentException("resumeGrace must be 0 or longer, not " + resumeGrace);
        }
        if (replayBytes < SMALLEST_REPLAY) {
            throw new IllegalArgumentException("replayBytes must be at least 65536, not " + replayBytes);
        }
        if (keptStreams < 1) {
            throw new IllegalArgumentException("keptStreams must be at least 1, not " + keptStreams);
        }
        if (maxBodyBytes < SMALLEST_BODY) {
            throw new IllegalArgumentException("maxBodyBytes must be at least 1024, not " + maxBodyBytes);
        }
    }
}
