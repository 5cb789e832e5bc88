package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a user thinks of an answer. Immutable.
 *
 * @param number counts the feedbacks of an app: their order within a second
 * @param rating like or dislike
 * @param content what the user wrote, if anything
 */
record Feedback(
        String id, long number, String rating, @Nullable String content, Instant createdAt, Instant updatedAt) {

    ObjectNode json(Message message) {
        return Json.object()
                .put("id", id)
                .put("app_id", Modes.APP_ID)
                .put("conversation_id", message.conversationId())
                .put("message_id", message.id())
                .put("rating", rating)
                .put("content", content)
                .put("from_source", "user")
                .put("from_end_user_id", EndUsers.id(message.user()))
                .putNull("from_account_id")
                .put("created_at", EndUsers.time(createdAt))
                .put("updated_at", EndUsers.time(updatedAt));
    }
}
