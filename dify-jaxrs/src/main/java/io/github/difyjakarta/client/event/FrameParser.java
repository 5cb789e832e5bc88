package io.github.difyjakarta.client.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one stream, whose heads are the same bytes again and again: name, ids and time of a run repeat in each
 * of its events. A head that came before is compared, not parsed, and its texts are shared.
 *
 * <p>Confined to the thread that reads the stream.
 */
public final class FrameParser {
    /** One for each kind of event that a run is full of. */
    private static final int HEADS = 4;
    /** A longer head, with a text before the ids, hardly comes twice. */
    private static final int LONGEST_HEAD = 1024;

    /** Its bytes, and what they say. */
    private record Head(byte[] bytes, Envelope envelope, Wrapping wrapping) {
        boolean begins(byte[] json) {
            return json.length >= bytes.length && Arrays.equals(json, 0, bytes.length, bytes, 0, bytes.length);
        }

        DifyFrame frame(byte[] json) {
            return new DifyFrame(json, envelope, wrapping);
        }
    }

    private final @Nullable Head[] heads = new @Nullable Head[HEADS];
    private int next;

    /**
     * The same as {@link DifyFrame#of}.
     *
     * @param json one JSON object in UTF-8; not copied
     * @throws MalformedEventException as there
     */
    public DifyFrame parse(byte[] json) {
        for (Head head : heads) {
            if (head != null && head.begins(json)) {
                return head.frame(json);
            }
        }
        Envelope envelope = Envelope.read(json);
        if (envelope.length() == 0 || envelope.length() > LONGEST_HEAD) {
            return new DifyFrame(json, envelope, null);
        }
        Head head = new Head(Arrays.copyOf(json, envelope.length()), envelope, new Wrapping());
        heads[next] = head;
        next = (next + 1) % HEADS;
        return head.frame(json);
    }
}
