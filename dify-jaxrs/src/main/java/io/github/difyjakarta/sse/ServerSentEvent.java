package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One dispatched event. The data stays in the bytes it came in until somebody asks for text, since a relay only passes
 * them on. Immutable.
 */
public final class ServerSentEvent {
    /** The type of an event whose stream named none. */
    public static final String DEFAULT_TYPE = "message";

    private final String type;
    private final byte[] data;
    private final String lastEventId;

    ServerSentEvent(String type, byte[] data, String lastEventId) {
        this.type = type;
        this.data = data;
        this.lastEventId = lastEventId;
    }

    /** The value of the {@code event} field; {@value #DEFAULT_TYPE} where there was none. */
    public String type() {
        return type;
    }

    /** The data as text, its lines joined by LF; malformed UTF-8 is replaced by U+FFFD. Decoded anew at each call. */
    public String data() {
        return new String(data, UTF_8);
    }

    /** The data as it came, its lines joined by LF. Not a copy: read only. */
    public byte[] dataBytes() {
        return data;
    }

    /** The last {@code id} seen up to and including this event; empty where there was none. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Type and size only: what a user wrote belongs in no log. */
    @Override
    public String toString() {
        return "ServerSentEvent[" + type + ", " + data.length + " bytes]";
    }
}
