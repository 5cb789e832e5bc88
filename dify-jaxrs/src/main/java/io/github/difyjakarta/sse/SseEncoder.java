package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Frames of a {@code text/event-stream}, each ending in its blank line, so that a reader dispatches at once.
 *
 * <p>Thread-safe: no state.
 */
public final class SseEncoder {
    private static final byte[] DATA = "data: ".getBytes(ISO_8859_1);
    /** For an id of six digits and all field names. */
    private static final int ROOM_AROUND_DATA = 20;

    private SseEncoder() {}

    /** A {@code data} frame; a line end inside the data starts a further {@code data} line, as the format asks. */
    public static byte[] data(byte[] data) {
        return frame("", data);
    }

    /** The {@code data} frames of several events, one behind the other. */
    public static byte[] data(List<byte[]> events) {
        if (events.size() == 1) {
            return data(events.get(0));
        }
        int size = 0;
        boolean oneLineEach = true;
        for (byte[] event : events) {
            size += DATA.length + event.length + 2;
            oneLineEach &= isOneLine(event);
        }
        if (!oneLineEach) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream(size);
            events.forEach(event -> frames.writeBytes(data(event)));
            return frames.toByteArray();
        }
        byte[] frames = new byte[size];
        int at = 0;
        for (byte[] event : events) {
            at = put(frames, at, event);
        }
        return frames;
    }

    /**
     * A {@code data} frame that carries its number, for readers that come back with {@code Last-Event-ID}.
     *
     * @param id at least 0
     */
    public static byte[] data(long id, byte[] data) {
        return frame("id: " + id + "\n", data);
    }

    /**
     * The same for several events, one behind the other.
     *
     * @param id of the first, at least 0; the others count on from it
     */
    public static byte[] data(long id, List<byte[]> events) {
        int size = 0;
        for (byte[] event : events) {
            size += event.length + ROOM_AROUND_DATA;
        }
        ByteArrayOutputStream frames = new ByteArrayOutputStream(size);
        long number = id;
        for (byte[] event : events) {
            frames.writeBytes(data(number++, event));
        }
        return frames.toByteArray();
    }

    /** A frame that carries a comment, which no reader dispatches. */
    public static byte[] comment(String text) {
        return (": " + text.replace('\r', ' ').replace('\n', ' ') + "\n\n").getBytes(UTF_8);
    }

    private static byte[] frame(String head, byte[] data) {
        if (isOneLine(data)) {
            byte[] prefix = head.getBytes(ISO_8859_1);
            byte[] frame = new byte[prefix.length + DATA.length + data.length + 2];
            System.arraycopy(prefix, 0, frame, 0, prefix.length);
            put(frame, prefix.length, data);
            return frame;
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream(data.length + 64);
        frame.writeBytes(head.getBytes(ISO_8859_1));
        for (String line : new String(data, UTF_8).split("\r\n|\r|\n", -1)) {
            frame.writeBytes(DATA);
            frame.writeBytes(line.getBytes(UTF_8));
            frame.write('\n');
        }
        frame.write('\n');
        return frame.toByteArray();
    }

    /** {@return where the next frame begins} */
    private static int put(byte[] frames, int from, byte[] data) {
        int at = from;
        System.arraycopy(DATA, 0, frames, at, DATA.length);
        at += DATA.length;
        System.arraycopy(data, 0, frames, at, data.length);
        at += data.length;
        frames[at++] = '\n';
        frames[at++] = '\n';
        return at;
    }

    private static boolean isOneLine(byte[] data) {
        return LineEnds.find(data, 0, data.length) == data.length;
    }
}
