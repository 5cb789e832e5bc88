package io.github.difyjakarta.client.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer that comes whole, so no stream: one that the documentation shows, or one of a running Dify.
 *
 * @param name of the file
 * @param endpoint that was asked
 * @param status of HTTP
 * @param contentType as sent; empty without one
 * @param body decoded as UTF-8
 */
record Reply(String name, Endpoint endpoint, int status, String contentType, String body) {
    private static final String REQUEST = "=== REQUEST ===\n";
    private static final String RESPONSE = "\n=== RESPONSE ===\n";
    private static final Pattern REQUEST_LINE = Pattern.compile("(\\S+) /v1([^ ?]*)\\S* HTTP/1.1");

    /** Empty for streams, chunked audio and what was not asked of an app endpoint. */
    static Optional<Reply> recorded(Path file, List<Endpoint> endpoints) {
        String all = bytes(file);
        int start = all.indexOf(RESPONSE) + RESPONSE.length();
        Matcher request = REQUEST_LINE.matcher(all);
        if (!request.find(all.indexOf(REQUEST) + REQUEST.length())) {
            return Optional.empty();
        }
        String head = all.substring(start, all.indexOf("\r\n\r\n", start));
        String body = all.substring(start + head.length() + 4);
        String contentType = header(head, "Content-Type");
        if (contentType.startsWith("text/event-stream")
                || header(head, "Transfer-Encoding").equals("chunked")) {
            return Optional.empty();
        }
        return Endpoint.of(request.group(1), request.group(2), endpoints)
                .map(endpoint -> new Reply(
                        String.valueOf(file.getFileName()),
                        endpoint,
                        Integer.parseInt(head.substring(9, 12)),
                        contentType,
                        new String(body.getBytes(ISO_8859_1), UTF_8)));
    }

    boolean isJson() {
        return contentType.startsWith("application/json");
    }

    /** The same answer again. */
    Script script() {
        return Script.json(status, body).contentType(contentType);
    }

    private static String header(String head, String name) {
        Matcher header = Pattern.compile("(?im)^" + name + ": ([^\r\n]*)").matcher(head);
        return header.find() ? header.group(1) : "";
    }

    private static String bytes(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
