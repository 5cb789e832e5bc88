package io.github.difyjakarta.app;

import java.util.Collections;
import java.util.EnumSet;
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
    WEBSOCKET;

    /** What is on where nothing is set. */
    static final Set<EndpointGroup> DEFAULTS = Collections.unmodifiableSet(EnumSet.allOf(EndpointGroup.class));
}
