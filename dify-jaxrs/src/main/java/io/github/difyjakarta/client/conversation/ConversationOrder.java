package io.github.difyjakarta.client.conversation;

/** How lists of conversations are sorted. */
public enum ConversationOrder {
    OLDEST_FIRST("created_at"),
    NEWEST_FIRST("-created_at"),
    LONGEST_UNTOUCHED_FIRST("updated_at"),
    /** Dify's default. */
    LATEST_TOUCHED_FIRST("-updated_at");

    private final String wireName;

    ConversationOrder(String wireName) {
        this.wireName = wireName;
    }

    /** The {@code sort_by} of {@code GET /conversations}. */
    public String wireName() {
        return wireName;
    }
}
