package io.github.difyjakarta.simulator.http;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole response that is not a stream. Immutable.
 *
 * @param contentType empty for none
 * @param headers further ones, in the order of the wire
 * @param matched whether path and method of the request are known, see {@link Signature}
 */
public record Reply(int status, String contentType, String body, List<Header> headers, boolean matched) {

    /** One line of a head. */
    public record Header(String name, String value) {}

    private static final String NOT_FOUND = """
            <!doctype html>
            <html lang=en>
            <title>404 Not Found</title>
            <h1>Not Found</h1>
            <p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
            """;

    public static Reply json(int status, String body) {
        return new Reply(status, "application/json", body, List.of(), true);
    }

    public static Reply noContent() {
        return new Reply(204, "application/json", "", List.of(), true);
    }

    public static Reply htmlNotFound() {
        return new Reply(404, "text/html; charset=utf-8", NOT_FOUND, List.of(), false);
    }

    public static Reply redirect(String location) {
        String body = """
                <!doctype html>
                <html lang=en>
                <title>Redirecting...</title>
                <h1>Redirecting...</h1>
                <p>You should be redirected automatically to the target URL: <a href="%s">%s</a>. If not, click the link.
                """.formatted(location, location);
        return new Reply(308, "text/html; charset=utf-8", body, List.of(new Header("Location", location)), false);
    }

    public Reply withContentType(String type) {
        return new Reply(status, type, body, headers, matched);
    }

    public Reply withHeader(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Reply(status, contentType, body, List.copyOf(more), matched);
    }

    public Reply matchedByRoute() {
        return new Reply(status, contentType, body, headers, true);
    }

    public Reply unmatched() {
        return new Reply(status, contentType, body, headers, false);
    }
}
