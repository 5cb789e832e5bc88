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
 * @param files whether a question to a chat, agent or chatflow app may come with files
 * @param speech whether the app listens and reads aloud
 * @param asciiFrames old JSON style in frames, as up to Dify 1.8.0
 * @param suggestions whether suggested questions are on
 * @param maxActive answers at the same time; above it they are refused
 * @param version which Dify it behaves as
 * @param behaviour what it does besides answering
 */
public record Settings(
        int port,
        String key,
        String mode,
        Duration typing,
        Duration pingInterval,
        Duration keepAlive,
        boolean files,
        boolean speech,
        boolean asciiFrames,
        boolean suggestions,
        int maxActive,
        Version version,
        Behaviour behaviour) {

    private static final Set<String> MODES =
            Set.of("chat", "advanced-chat", "agent-chat", "agent", "completion", "workflow");

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
        if (mode.equals("agent") && !version.isFrom(1, 15, 0)) {
            throw new IllegalArgumentException("mode agent came with 1.15.0, not with " + version);
        }
        if (behaviour.asksHuman() && !version.isFrom(1, 14, 0)) {
            throw new IllegalArgumentException("forms came with 1.14.0, not with " + version);
        }
    }

    /** The path that generates in this mode, below the base. */
    public String generationPath() {
        return switch (mode) {
            case "completion" -> "/completion-messages";
            case "workflow" -> "/workflows/run";
            default -> "/chat-messages";
        };
    }

    boolean isChat() {
        return mode.equals("chat") || isChatflow() || mode.equals("agent-chat") || isNewAgent();
    }

    boolean isNewAgent() {
        return mode.equals("agent");
    }

    boolean isWorkflow() {
        return mode.equals("workflow");
    }

    boolean writesAsciiFrames() {
        return asciiFrames || !version.isFrom(1, 8, 1);
    }

    boolean takesFiles() {
        return files && isChat();
    }

    /** Speech to text. */
    boolean listens() {
        return speech && isChat();
    }

    /** Text to speech. */
    boolean reads() {
        return speech && !isWorkflow();
    }

    boolean isChatflow() {
        return mode.equals("advanced-chat");
    }
}
