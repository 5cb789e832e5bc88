package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/**
 * What a chatflow remembers about a conversation.
 *
 * @param json all of it, as it came
 */
public record ConversationVariable(DifyJson json) {
    /** For {@link Conversations#updateVariable}. */
    public String id() {
        return json.text("id");
    }

    /** Its name in the chatflow. */
    public String name() {
        return json.text("name");
    }

    /** Its type, such as {@code string}, {@code integer}, {@code array[string]}. */
    public String valueType() {
        return json.text("value_type");
    }

    /** Its value as text: Dify prints objects and lists as Python does, which is not JSON. */
    public String value() {
        return json.text("value");
    }

    /** What it is for, in words for people; may be empty. */
    public String description() {
        return json.text("description");
    }

    /** When it was made, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** When it was last set, in whole seconds. */
    public Optional<Instant> updatedAt() {
        return json.time("updated_at");
    }
}
