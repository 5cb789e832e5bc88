package io.github.difyjakarta.simulator.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one connection into requests, however they are cut into pieces. Pure: no socket, no clock, one
 * thread.
 */
final class HttpParser {

    /** The bytes are no request, or more than we take; the connection is beyond repair. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Malformed(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private static final int MAX_HEAD = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private enum State {
        HEAD,
        FIXED_BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER
    }

    private final int maxBody;
    private byte[] buffer = NOTHING;
    private int start;
    private int end;
    private State state = State.HEAD;
    private @Nullable HttpRequest head;
    private byte[] body = NOTHING;
    private int bodyLength;
    private int remaining;
    private boolean continueDue;

    HttpParser(int maxBody) {
        this.maxBody = maxBody;
    }

    void feed(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (start == end) {
            start = 0;
            end = 0;
        }
        if (buffer.length - end < count) {
            byte[] larger = new byte[Math.max(end - start + count, 2 * (end - start))];
            System.arraycopy(buffer, start, larger, 0, end - start);
            buffer = larger;
            end -= start;
            start = 0;
        }
        bytes.get(buffer, end, count);
        end += count;
    }

    /** Bytes fed and not yet part of a request. */
    int buffered() {
        return end - start;
    }

    /** True once for a request whose sender waits for {@code 100 Continue} before its body. */
    boolean takeContinue() {
        boolean due = continueDue && head != null && start == end;
        continueDue = continueDue && !due;
        return due;
    }

    /** The next complete request; empty as long as bytes are missing. */
    Optional<HttpRequest> poll() throws Malformed {
        while (true) {
            boolean progress =
                    switch (state) {
                        case HEAD -> readHead();
                        case FIXED_BODY, CHUNK_DATA -> readBody();
                        case CHUNK_SIZE -> readChunkSize();
                        case CHUNK_END -> readChunkEnd();
                        case TRAILER -> readTrailer();
                    };
            if (state == State.HEAD && head != null) {
                return Optional.of(finish(head));
            }
            if (!progress) {
                return Optional.empty();
            }
        }
    }

    private HttpRequest finish(HttpRequest read) {
        byte[] whole = body.length == bodyLength ? body : Arrays.copyOf(body, bodyLength);
        HttpRequest request = new HttpRequest(read.method(), read.target(), read.version(), read.headers(), whole);
        head = null;
        body = NOTHING;
        bodyLength = 0;
        continueDue = false;
        if (start == end) {
            buffer = NOTHING;
            start = 0;
            end = 0;
        }
        return request;
    }

    private boolean readHead() throws Malformed {
        // Empty lines before a request line are allowed by RFC 9112 §2.2.
        while (start < end && (buffer[start] == '\r' || buffer[start] == '\n')) {
            start++;
        }
        int headEnd = endOfHead();
        if (headEnd < 0) {
            if (buffered() > MAX_HEAD) {
                throw new Malformed(431, "request head above " + MAX_HEAD + " bytes");
            }
            return false;
        }
        String[] lines = new String(buffer, start, headEnd - start, StandardCharsets.UTF_8).split("\r?\n", -1);
        start = headEnd;
        String[] requestLine = lines[0].split(" ", -1);
        if (requestLine.length != 3 || !requestLine[2].startsWith("HTTP/1.")) {
            throw new Malformed(400, "not a request line: " + lines[0]);
        }
        HttpRequest read = new HttpRequest(requestLine[0], requestLine[1], requestLine[2], headers(lines), NOTHING);
        head = read;
        continueDue = read.header("expect").orElse("").equalsIgnoreCase("100-continue");
        expectBody(read);
        return true;
    }

    /** Index after the empty line, or -1. */
    private int endOfHead() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                if (i + 1 < end && buffer[i + 1] == '\n') {
                    return i + 2;
                }
                if (i + 2 < end && buffer[i + 1] == '\r' && buffer[i + 2] == '\n') {
                    return i + 3;
                }
            }
        }
        return -1;
    }

    private static Map<String, List<String>> headers(String[] lines) throws Malformed {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Malformed(400, "not a header: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return Map.copyOf(headers);
    }

    private void expectBody(HttpRequest read) throws Malformed {
        if (read.header("transfer-encoding").orElse("").toLowerCase(Locale.ROOT).endsWith("chunked")) {
            state = State.CHUNK_SIZE;
            return;
        }
        remaining = length(read.header("content-length").orElse("0"), 10);
        state = remaining == 0 ? State.HEAD : State.FIXED_BODY;
        body = new byte[Math.min(remaining, 64 * 1024)];
    }

    private int length(String digits, int radix) throws Malformed {
        long length;
        try {
            length = Long.parseLong(digits.strip(), radix);
        } catch (NumberFormatException e) {
            throw new Malformed(400, "not a length: " + digits);
        }
        if (length < 0 || bodyLength + length > maxBody) {
            throw new Malformed(length < 0 ? 400 : 413, "body above " + maxBody + " bytes");
        }
        return (int) length;
    }

    private boolean readBody() {
        int count = Math.min(remaining, buffered());
        if (body.length < bodyLength + count) {
            body = Arrays.copyOf(body, Math.max(bodyLength + count, 2 * body.length));
        }
        System.arraycopy(buffer, start, body, bodyLength, count);
        start += count;
        bodyLength += count;
        remaining -= count;
        if (remaining == 0) {
            state = state == State.FIXED_BODY ? State.HEAD : State.CHUNK_END;
        }
        return remaining == 0;
    }

    private boolean readChunkSize() throws Malformed {
        Optional<String> line = readLine();
        if (line.isEmpty()) {
            return false;
        }
        remaining = length(line.get().split(";", 2)[0], 16);
        state = remaining == 0 ? State.TRAILER : State.CHUNK_DATA;
        return true;
    }

    private boolean readChunkEnd() throws Malformed {
        Optional<String> line = readLine();
        if (line.isPresent()) {
            if (!line.get().isEmpty()) {
                throw new Malformed(400, "chunk longer than announced");
            }
            state = State.CHUNK_SIZE;
        }
        return line.isPresent();
    }

    private boolean readTrailer() throws Malformed {
        Optional<String> line = readLine();
        if (line.isPresent() && line.get().isEmpty()) {
            state = State.HEAD;
        }
        return line.isPresent();
    }

    private Optional<String> readLine() throws Malformed {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                int lineEnd = i > start && buffer[i - 1] == '\r' ? i - 1 : i;
                String line = new String(buffer, start, lineEnd - start, StandardCharsets.UTF_8);
                start = i + 1;
                return Optional.of(line);
            }
        }
        if (buffered() > MAX_HEAD) {
            throw new Malformed(400, "line above " + MAX_HEAD + " bytes");
        }
        return Optional.empty();
    }
}
