package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What a line of a stream is about. */
enum Field {
    DATA,
    EVENT,
    ID,
    RETRY,
    /** Comments, whose name is empty, and whatever nobody has defined. */
    UNKNOWN;

    /** "event" and "retry" are the longest names that mean something. */
    static final int LONGEST_NAME = 5;

    static Field named(byte[] name, int length) {
        return switch (new String(name, 0, length, ISO_8859_1)) {
            case "data" -> DATA;
            case "event" -> EVENT;
            case "id" -> ID;
            case "retry" -> RETRY;
            default -> UNKNOWN;
        };
    }
}
