package io.github.difyjakarta.simulator.app;

import java.time.Duration;
import java.util.Set;

/**
 * What a simulated app is like. Immutable.
 *
 * @param port 0 for any free one
 * @param key the one app key
 * @param mode as {@code GET /info} names it
 * @param typing mean time from one word to the next
 * @param pingInterval between two keep-alives of a stream
 * @param keepAlive how long a connection may be idle
 * @param asciiFrames old JSON style in frames, as up to Dify 1.8.0
 * @param suggestions whether suggested questions are on
 * @param maxActive answers at the same time; above it they are refused
 */
public record Settings(
        int port,
        String key,
        String mode,
        Duration typing,
        Duration pingInterval,
        Duration keepAlive,
        boolean asciiFrames,
        boolean suggestions,
        int maxActive) {

    private static final Set<String> MODES = Set.of("chat", "advanced-chat", "agent-chat", "completion", "workflow");

    /** Checks them. */
    public Settings {
        if (!MODES.contains(mode)) {
            throw new IllegalArgumentException("mode " + mode + " is none of " + MODES);
        }
        if (key.isBlank()) {
            throw new IllegalArgumentException("the key is empty");
        }
        if (typing.isNegative() || pingInterval.compareTo(Duration.ofMillis(1)) < 0 || keepAlive.isNegative()) {
            throw new IllegalArgumentException("typing, pingInterval and keepAlive must be positive");
        }
    }

    boolean isChat() {
        return mode.equals("chat") || isChatflow() || mode.equals("agent-chat");
    }

    boolean isChatflow() {
        return mode.equals("advanced-chat");
    }
}
