package io.github.difyjakarta.bench.upstream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller asks of the fake Dify, as the text of its question: {@code bench n=200 every_us=20000 pad=0 id=7}.
 * Immutable.
 *
 * @param events before the {@code message_end}; 0 or more
 * @param everyMicros between two events; 0 is as fast as the connection takes them
 * @param padding bytes more in each event's answer, 0 to {@value #MAX_PADDING}
 * @param id of the stream, by which its end is reported; the caller's choice
 */
public record Query(int events, int everyMicros, int padding, int id) {

    /** The largest padding. */
    public static final int MAX_PADDING = 60_000;

    private static final Pattern TEXT = Pattern.compile("bench((?: \\w+=\\d{1,9})+)");
    private static final Pattern WORD = Pattern.compile("(\\w+)=(\\d+)");

    public Query {
        if (events < 0 || everyMicros < 0 || padding < 0 || padding > MAX_PADDING || id < 0) {
            throw new IllegalArgumentException(
                    "n=" + events + " every_us=" + everyMicros + " pad=" + padding + " id=" + id);
        }
    }

    /** Events at a pace, without padding. */
    public static Query of(int events, int everyMicros) {
        return new Query(events, everyMicros, 0, 0);
    }

    /** Larger events. */
    public Query padded(int bytes) {
        return new Query(events, everyMicros, bytes, id);
    }

    /** The same of another stream. */
    public Query numbered(int stream) {
        return new Query(events, everyMicros, padding, stream);
    }

    /** {@return the question} */
    public String text() {
        return "bench n=" + events + " every_us=" + everyMicros + " pad=" + padding + " id=" + id;
    }

    /**
     * Finds the question in a request's body.
     *
     * @return empty if there is none; words that are unknown are passed over, missing ones are 0
     */
    static Optional<Query> find(String body) {
        Matcher text = TEXT.matcher(body);
        if (!text.find()) {
            return Optional.empty();
        }
        int events = 0;
        int everyMicros = 0;
        int padding = 0;
        int id = 0;
        Matcher word = WORD.matcher(text.group(1));
        while (word.find()) {
            int value = Integer.parseInt(word.group(2));
            switch (word.group(1)) {
                case "n" -> events = value;
                case "every_us" -> everyMicros = value;
                case "pad" -> padding = value;
                case "id" -> id = value;
                default -> {
                    // Of another upstream that understands more.
                }
            }
        }
        return Optional.of(new Query(events, everyMicros, padding, id));
    }
}
