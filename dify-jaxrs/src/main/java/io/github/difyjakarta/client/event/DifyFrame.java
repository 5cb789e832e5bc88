package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One event of Dify as it came over the wire: the JSON untouched, and of its envelope what whoever passes it on must know.
 * Only the head of the JSON is read: nothing is built from the rest, which may be megabytes. Immutable.
 */
public final class DifyFrame {
    private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

    private final byte[] json;
    private final String name;
    private final @Nullable String taskId;
    private final @Nullable String conversationId;
    private final @Nullable String messageId;

    private DifyFrame(
            byte[] json,
            String name,
            @Nullable String taskId,
            @Nullable String conversationId,
            @Nullable String messageId) {
        this.json = json;
        this.name = name;
        this.taskId = taskId;
        this.conversationId = conversationId;
        this.messageId = messageId;
    }

    /**
     * Reads the head of an event's JSON, up to its {@code event} and {@code task_id}; in every mode the other ids stand
     * before the latter.
     *
     * @param json one JSON object in UTF-8; not copied
     * @throws MalformedEventException when it is no JSON object, or has no {@code event} that is a string
     */
    public static DifyFrame of(byte[] json) {
        String name = null;
        String taskId = null;
        String conversationId = null;
        String messageId = null;
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedEventException("an event of the stream is no JSON object");
            }
            while ((name == null || taskId == null) && parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    switch (field) {
                        case "event" -> name = parser.getText();
                        case "task_id" -> taskId = parser.getText();
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
        } catch (IOException e) {
            throw new MalformedEventException("an event of the stream is not well-formed JSON", e);
        }
        if (name == null) {
            throw new MalformedEventException("an event of the stream does not say which one it is");
        }
        return new DifyFrame(json, name, taskId, conversationId, messageId);
    }

    /** Whether data is the end mark that gateways of the OpenAI kind append; Dify itself never sends it. */
    public static boolean isDoneMark(byte[] data) {
        return Arrays.equals(data, DONE);
    }

    /** The {@code event} field, such as {@code message} or {@code workflow_finished}; any name a newer Dify may invent. */
    public String name() {
        return name;
    }

    /** The id for the stop endpoints; absent in {@code error} events. */
    public Optional<String> taskId() {
        return Optional.ofNullable(taskId);
    }

    public Optional<String> conversationId() {
        return Optional.ofNullable(conversationId);
    }

    public Optional<String> messageId() {
        return Optional.ofNullable(messageId);
    }

    /** The JSON as it came. Not a copy: read only. */
    public byte[] jsonBytes() {
        return json;
    }

    /** The JSON as text. */
    public String json() {
        return new String(json, UTF_8);
    }

    /** Bytes of JSON; what a buffer counts. */
    public int size() {
        return json.length;
    }

    /** The event with all that is known of its kind. Parsed anew at each call. */
    public DifyEvent toEvent() {
        return EventJson.read(this);
    }

    /** Name and size only: what a user wrote belongs in no log. */
    @Override
    public String toString() {
        return "DifyFrame[" + name + ", " + json.length + " bytes]";
    }
}
