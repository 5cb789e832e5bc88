package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody thought of an answer.
 *
 * @param json all of it, as it came
 */
public record Feedback(DifyJson json) {
    /** Of the feedback. */
    public String id() {
        return json.text("id");
    }

    /** Of the app. */
    public String appId() {
        return json.text("app_id");
    }

    /** Of the answer. */
    public String conversationId() {
        return json.text("conversation_id");
    }

    /** Of the answer. */
    public String messageId() {
        return json.text("message_id");
    }

    /** {@code like} or {@code dislike}. */
    public String rating() {
        return json.text("rating");
    }

    /** Why; may be empty. */
    public String content() {
        return json.text("content");
    }

    /** {@code user} or {@code admin}. */
    public String fromSource() {
        return json.text("from_source");
    }

    /** See {@link EndUsers#get}. */
    public Optional<String> fromEndUserId() {
        return json.optionalText("from_end_user_id");
    }

    /** Of a member of the workspace. */
    public Optional<String> fromAccountId() {
        return json.optionalText("from_account_id");
    }

    /** At Dify. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** At Dify. */
    public Optional<Instant> updatedAt() {
        return json.time("updated_at");
    }
}
