package io.github.difyjakarta.simulator.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it was read, before anyone judged it. Immutable.
 *
 * @param target path and query as sent
 * @param version for example {@code HTTP/1.1}
 * @param headers lower-case names
 * @param body decoded as UTF-8; empty without one
 */
public record HttpRequest(
        String method, String target, String version, Map<String, List<String>> headers, String body) {

    /** The first value of a header, by its lower-case name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    boolean keepsAlive() {
        return isHttp11()
                && !header("connection").orElse("").toLowerCase(Locale.ROOT).contains("close");
    }

    boolean isHttp11() {
        return version.equals("HTTP/1.1");
    }
}
