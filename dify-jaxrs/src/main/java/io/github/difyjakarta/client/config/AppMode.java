package io.github.difyjakarta.client.config;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of app that Dify knows, by the names it uses. */
public enum AppMode {
    CHAT("chat", true),
    AGENT_CHAT("agent-chat", true),
    AGENT("agent", true),
    COMPLETION("completion", true),
    /** A chatflow. */
    ADVANCED_CHAT("advanced-chat", false),
    WORKFLOW("workflow", false);

    private final String wireName;
    private final boolean holdable;

    AppMode(String wireName, boolean holdable) {
        this.wireName = wireName;
        this.holdable = holdable;
    }

    /** As in {@code GET /info} and in the settings. */
    public String wireName() {
        return wireName;
    }

    /**
     * Whether a stream of this mode may be read slowly. Of a workflow or chatflow Dify drops, without a word, what a slow
     * reader has not fetched.
     */
    public boolean mayBeHeldBack() {
        return holdable;
    }

    /** The mode of that name; empty for one that a newer Dify may know. */
    public static Optional<AppMode> named(String wireName) {
        return Arrays.stream(values())
                .filter(mode -> mode.wireName.equals(wireName))
                .findFirst();
    }
}
