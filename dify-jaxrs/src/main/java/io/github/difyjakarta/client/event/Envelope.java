package io.github.difyjakarta.client.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.difyjakarta.client.json.Jackson;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * What stands at the head of every event. Immutable.
 *
 * @param length bytes from the start of the JSON that decided all this; 0 where that is not known
 */
record Envelope(
        String name, Optional<String> taskId, Optional<String> conversationId, Optional<String> messageId, int length) {
    /** Whose event it is; at least one of them is in the head. */
    private static final Set<String> OWNERS = Set.of("conversation_id", "message_id", "workflow_run_id");

    /**
     * Reads up to {@code event} and {@code task_id}: in every mode the other ids stand before the latter. Where none of them
     * does, as in the streams that join a run, it reads to the end.
     *
     * @throws MalformedEventException when it is no JSON object, or has no {@code event} that is a string
     */
    static Envelope read(byte[] json) {
        String name = null;
        String taskId = null;
        String conversationId = null;
        String messageId = null;
        boolean owned = false;
        boolean decided = false;
        int length = 0;
        try (JsonParser parser = Jackson.MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedEventException("an event of the stream is no JSON object");
            }
            while ((name == null || !decided) && parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                owned |= OWNERS.contains(field);
                if (value == JsonToken.VALUE_STRING) {
                    switch (field) {
                        case "event" -> name = parser.getText();
                        case "task_id" -> {
                            taskId = parser.getText();
                            decided = owned;
                        }
                        case "conversation_id" -> conversationId = parser.getText();
                        case "message_id" -> messageId = parser.getText();
                        default -> {
                            // not part of the envelope
                        }
                    }
                } else {
                    parser.skipChildren();
                }
            }
            if (decided) {
                length = (int) Math.max(0, parser.currentLocation().getByteOffset());
            }
        } catch (IOException e) {
            throw new MalformedEventException("an event of the stream is not well-formed JSON", e);
        }
        if (name == null) {
            throw new MalformedEventException("an event of the stream does not say which one it is");
        }
        return new Envelope(
                name,
                Optional.ofNullable(taskId),
                Optional.ofNullable(conversationId),
                Optional.ofNullable(messageId),
                length);
    }
}
