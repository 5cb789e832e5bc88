package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Frames of a {@code text/event-stream}, each ending in its blank line, so that a reader dispatches at once.
 *
 * <p>Thread-safe: no state.
 */
public final class SseEncoder {
    private static final byte[] DATA = "data: ".getBytes(ISO_8859_1);

    private SseEncoder() {}

    /** A {@code data} frame; a line end inside the data starts a further {@code data} line, as the format asks. */
    public static byte[] data(byte[] data) {
        return frame("", data);
    }

    /**
     * A {@code data} frame that carries its number, for readers that come back with {@code Last-Event-ID}.
     *
     * @param id at least 0
     */
    public static byte[] data(long id, byte[] data) {
        return frame("id: " + id + "\n", data);
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
            System.arraycopy(DATA, 0, frame, prefix.length, DATA.length);
            System.arraycopy(data, 0, frame, prefix.length + DATA.length, data.length);
            frame[frame.length - 2] = '\n';
            frame[frame.length - 1] = '\n';
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

    private static boolean isOneLine(byte[] data) {
        return LineEnds.find(data, 0, data.length) == data.length;
    }
}
