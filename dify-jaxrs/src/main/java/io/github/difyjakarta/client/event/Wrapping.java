package io.github.difyjakarta.client.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the piece of text in the events of one head. What stands before and behind it is mostly the same in all of them: it is
 * read once, and compared from then on.
 *
 * <p>Thread-safe: two threads that read at once may both remember, each something right.
 */
final class Wrapping {
    /** Longer ones, with a text in them, hardly come twice. */
    private static final int LONGEST = 1024;

    /** Between the head and the text's opening quote, and behind its closing one. */
    private record Around(byte[] before, byte[] after) {}

    private @Nullable Around known;

    /**
     * The same as {@link PlainJson#text}.
     *
     * @param from the length of the head, which is the same at each call
     */
    @Nullable String text(byte[] json, int from, PlainJson.Place place) {
        PlainJson plain = new PlainJson(json);
        Around last = known;
        String text = last == null ? null : plain.between(from, last.before(), last.after());
        if (text != null) {
            return text;
        }
        text = plain.find(from, place);
        if (text != null && json.length - from - text.length() <= LONGEST) {
            known = new Around(
                    Arrays.copyOfRange(json, from, plain.foundAt()),
                    Arrays.copyOfRange(json, plain.foundEnd(), json.length));
        }
        return text;
    }
}
