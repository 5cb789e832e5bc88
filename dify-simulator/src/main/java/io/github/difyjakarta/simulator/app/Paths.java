package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.HttpRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What is in a request's target. Pure. */
public final class Paths {

    /** Where the API begins. */
    public static final String BASE = "/v1";

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Paths() {}

    /** Whether a request was sent below the base; {@code /info} and {@code /v1/info} have the same path. */
    public static boolean isBelowBase(HttpRequest request) {
        return request.target().startsWith(BASE + "/");
    }

    /** The path below the base, as sent; outside of it the whole path. */
    public static String of(HttpRequest request) {
        String path = request.target().split("\\?", 2)[0];
        return path.startsWith(BASE + "/") ? path.substring(BASE.length()) : path;
    }

    /** The query without its question mark, as sent; empty without one. */
    public static String query(HttpRequest request) {
        String[] target = request.target().split("\\?", 2);
        return target.length > 1 ? target[1] : "";
    }

    static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    /** Decoded parameters; the first of equal names wins. */
    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters.putIfAbsent(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A lone percent sign means itself, as in Werkzeug.
            return text;
        }
    }
}
