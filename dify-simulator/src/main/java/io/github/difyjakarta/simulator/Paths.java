package io.github.difyjakarta.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What is in a request's target. Pure. */
final class Paths {

    static final String BASE = "/v1";
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Paths() {}

    static RecordedRequest recorded(HttpRequest http, long connection) {
        String[] target = http.target().split("\\?", 2);
        String path = target[0];
        if (path.startsWith(BASE + "/")) {
            path = path.substring(BASE.length());
        }
        return new RecordedRequest(
                http.method(), path, target.length > 1 ? target[1] : "", http.headers(), http.body(), connection);
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
