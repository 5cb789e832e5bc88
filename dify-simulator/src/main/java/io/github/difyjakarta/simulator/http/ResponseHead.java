package io.github.difyjakarta.simulator.http;

import io.github.difyjakarta.simulator.http.Reply.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the head of a response as gunicorn does. Confined to the call that writes it, pure. */
final class ResponseHead {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(201, "CREATED"),
            Map.entry(204, "NO CONTENT"),
            Map.entry(308, "PERMANENT REDIRECT"),
            Map.entry(400, "BAD REQUEST"),
            Map.entry(401, "UNAUTHORIZED"),
            Map.entry(403, "FORBIDDEN"),
            Map.entry(404, "NOT FOUND"),
            Map.entry(405, "METHOD NOT ALLOWED"),
            Map.entry(412, "PRECONDITION FAILED"),
            Map.entry(413, "REQUEST ENTITY TOO LARGE"),
            Map.entry(415, "UNSUPPORTED MEDIA TYPE"),
            Map.entry(429, "TOO MANY REQUESTS"),
            Map.entry(431, "REQUEST HEADER FIELDS TOO LARGE"),
            Map.entry(500, "INTERNAL SERVER ERROR"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "SERVICE UNAVAILABLE"),
            Map.entry(504, "Gateway Time-out"));

    private final int status;
    private final List<Header> headers = new ArrayList<>();

    private ResponseHead(int status) {
        this.status = status;
    }

    /** The head of a response of known length. */
    static byte[] of(Reply reply, int length, boolean keepAlive, List<Header> signature, Instant now) {
        ResponseHead head = new ResponseHead(reply.status()).common(keepAlive, now);
        if (!reply.contentType().isEmpty()) {
            head.add("Content-Type", reply.contentType());
        }
        if (reply.status() != 204) {
            head.add("Content-Length", Integer.toString(length));
        }
        return head.addAll(reply.headers()).sign(signature).bytes();
    }

    /** The head of a response of unknown length. */
    static byte[] ofStream(
            int status,
            String contentType,
            List<Header> headers,
            boolean chunked,
            boolean keepAlive,
            List<Header> signature,
            Instant now) {
        ResponseHead head = new ResponseHead(status).common(keepAlive, now);
        if (chunked) {
            head.add("Transfer-Encoding", "chunked");
        }
        return head.add("Content-Type", contentType)
                .addAll(headers)
                .sign(signature)
                .bytes();
    }

    private ResponseHead common(boolean keepAlive, Instant now) {
        return add("Server", "gunicorn")
                .add("Date", DATE.format(now))
                .add("Connection", keepAlive ? "keep-alive" : "close");
    }

    private ResponseHead sign(List<Header> signature) {
        headers.addAll(signature);
        return this;
    }

    private ResponseHead add(String name, String value) {
        headers.add(new Header(name, value));
        return this;
    }

    private ResponseHead addAll(List<Header> more) {
        // A header named by a test replaces ours instead of standing beside it.
        more.forEach(header -> headers.removeIf(ours -> ours.name().equalsIgnoreCase(header.name())));
        headers.addAll(more);
        return this;
    }

    private byte[] bytes() {
        StringBuilder text = new StringBuilder(400)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(REASONS.getOrDefault(status, "STATUS"))
                .append("\r\n");
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
