package io.github.difyjakarta.origin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What of a request tells by which page it was made.
 *
 * @param method of HTTP
 * @param scheme as the server sees it
 * @param peer address of the connection
 * @param hasBody whether anything follows the head
 * @param headers the lines of a header by its name in any case, in order; empty where there are none
 */
public record SiteRequest(
        String method, String scheme, String peer, boolean hasBody, Function<String, List<String>> headers) {
    /** Set by scripts: it makes a browser ask before it sends anything to another site. */
    public static final String SCRIPT_HEADER = "X-Requested-With";

    /** The one line of a header; several that differ are as bad as one that makes no sense. */
    Optional<String> header(String name) {
        List<String> lines = headers.apply(name).stream().distinct().toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }

    /** The media type without parameters, in lower case; empty where there is none. */
    String mediaType() {
        return header("Content-Type")
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    /** Whether a browser asks if it may send something. */
    public boolean isPreflight() {
        return method.equals("OPTIONS")
                && header("Origin").isPresent()
                && header("Access-Control-Request-Method").isPresent();
    }
}
