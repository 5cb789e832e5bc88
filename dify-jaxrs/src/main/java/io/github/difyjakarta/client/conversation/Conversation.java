package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A conversation of a user.
 *
 * @param json all of it, as it came
 */
public record Conversation(DifyJson json) {
    /** For requests that go on with it. */
    public String id() {
        return json.text("id");
    }

    /** What users see; until Dify has made one up, the first 20 characters of the first question. */
    public String name() {
        return json.text("name");
    }

    /** The inputs of its first message. */
    public Map<String, @Nullable Object> inputs() {
        return json.map("inputs");
    }

    /** Its state, such as {@code normal}. */
    public String status() {
        return json.text("status");
    }

    /** What the app said first; may be empty. */
    public String introduction() {
        return json.text("introduction");
    }

    /** When it began, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** When something was last said or it was renamed, in whole seconds. */
    public Optional<Instant> updatedAt() {
        return json.time("updated_at");
    }
}
