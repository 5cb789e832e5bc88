package io.github.difyjakarta.bench.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that has arrived whole. Immutable.
 *
 * @param line {@code POST /v1/chat-messages HTTP/1.1}
 * @param head all of it, in lower case
 * @param body as text
 * @param length bytes of the whole
 */
record Request(String line, String head, String body, int length) {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("\r\ncontent-length: *(\\d{1,8})\r\n");

    /**
     * Reads the first request of what has arrived.
     *
     * @param count how many bytes have arrived
     * @return empty as long as some of it is missing; a body without {@code Content-Length} counts as none
     */
    static Optional<Request> read(byte[] arrived, int count) {
        String text = new String(arrived, 0, count, ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n") + 4;
        if (headEnd < 4) {
            return Optional.empty();
        }
        String head = text.substring(0, headEnd).toLowerCase(Locale.ROOT);
        Matcher length = CONTENT_LENGTH.matcher(head);
        int end = headEnd + (length.find() ? Integer.parseInt(length.group(1)) : 0);
        if (count < end) {
            return Optional.empty();
        }
        String body = new String(arrived, headEnd, end - headEnd, UTF_8);
        return Optional.of(new Request(text.substring(0, text.indexOf('\r')), head, body, end));
    }

    boolean carries(String key) {
        return head.contains("\r\nauthorization: bearer " + key.toLowerCase(Locale.ROOT) + "\r\n");
    }
}
