package io.github.difyjakarta.app;

import io.github.difyjakarta.client.config.AppMode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Endpoints below {@code {ctx}/dify/{app}} that are switched on and off together, by {@code dify.relay.endpoints} in lower
 * case. What is in no group is never reachable: Dify answers it without asking whose it is.
 */
public enum EndpointGroup {
    /** Questions, and their stop. */
    CHAT,
    /** The list of the caller's conversations, renaming and deleting. */
    CONVERSATIONS,
    /** The messages of a conversation. */
    MESSAGES,
    /** Likes and dislikes of answers. */
    FEEDBACK,
    /** Questions to ask next; a model makes them up. */
    SUGGESTED,
    /** What a chatflow remembers in a conversation, to read and to set. */
    VARIABLES,
    /** What the app says of itself: {@code parameters}, {@code info}, {@code meta}, {@code site}. */
    APP,
    /** Questions over a WebSocket, which lies below a path of its own. */
    WEBSOCKET,
    /** Files sent with questions, and files of the caller's to look at. */
    FILES,
    /** Texts of a completion app, and their stop. */
    COMPLETION,
    /** Runs of a workflow, their stop, and joining runs that go on. */
    WORKFLOW,
    /** Forms that a run of the caller's waits for. */
    FORMS,
    /** Speech to text and back; models do both. */
    AUDIO;

    /** What is on where nothing is set. */
    static final Set<EndpointGroup> DEFAULTS = Collections.unmodifiableSet(EnumSet.range(CHAT, FILES));

    /** The same for an app whose mode the settings name: what it is made for is on as well. */
    static Set<EndpointGroup> defaults(Optional<AppMode> mode) {
        Set<EndpointGroup> groups = EnumSet.copyOf(DEFAULTS);
        mode.filter(known -> known == AppMode.COMPLETION).ifPresent(completion -> groups.add(COMPLETION));
        mode.filter(known -> known == AppMode.WORKFLOW).ifPresent(workflow -> groups.add(WORKFLOW));
        return Collections.unmodifiableSet(groups);
    }
}
