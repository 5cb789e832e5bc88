package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;

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
    private final Envelope envelope;
    /** Of the frames with the same head; null where none are known. */
    private final @Nullable Wrapping wrapping;

    DifyFrame(byte[] json, Envelope envelope, @Nullable Wrapping wrapping) {
        this.json = json;
        this.envelope = envelope;
        this.wrapping = wrapping;
    }

    /**
     * Reads the head of an event's JSON, up to its {@code event} and {@code task_id}; where the other ids do not stand before
     * the latter, to its end. For the events of a whole stream, {@link FrameParser} does it faster.
     *
     * @param json one JSON object in UTF-8; not copied
     * @throws MalformedEventException when it is no JSON object, or has no {@code event} that is a string
     */
    public static DifyFrame of(byte[] json) {
        return new DifyFrame(json, Envelope.read(json), null);
    }

    /** Whether data is the end mark that gateways of the OpenAI kind append; Dify itself never sends it. */
    public static boolean isDoneMark(byte[] data) {
        return Arrays.equals(data, DONE);
    }

    /** The {@code event} field, such as {@code message} or {@code workflow_finished}; any name a newer Dify may invent. */
    public String name() {
        return envelope.name();
    }

    /** The id for the stop endpoints; absent in {@code error} events. */
    public Optional<String> taskId() {
        return envelope.taskId();
    }

    public Optional<String> conversationId() {
        return envelope.conversationId();
    }

    public Optional<String> messageId() {
        return envelope.messageId();
    }

    /** A text in plain JSON, see {@link PlainJson#text}. */
    @Nullable String text(PlainJson.Place place) {
        return wrapping == null
                ? PlainJson.text(json, envelope.length(), place)
                : wrapping.text(json, envelope.length(), place);
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
        return "DifyFrame[" + name() + ", " + json.length + " bytes]";
    }
}
