package io.github.difyjakarta.client.conversation;

import java.util.Locale;

/** What a user thinks of an answer. */
public enum Rating {
    LIKE,
    DISLIKE;

    /** As in requests and answers: {@code like}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
