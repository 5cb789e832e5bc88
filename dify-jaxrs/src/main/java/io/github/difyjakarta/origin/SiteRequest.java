package io.github.difyjakarta.origin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
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

    /** A request of the server's, or the handshake of a socket. To be used while it lasts: headers are read when asked for. */
    public static SiteRequest of(HttpServletRequest request) {
        return new SiteRequest(
                request.getMethod(),
                request.getScheme(),
                String.valueOf(request.getRemoteAddr()),
                request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null,
                name -> Collections.list(request.getHeaders(name)));
    }

    /** The one line of a header; several that differ are as bad as one that makes no sense. */
    Optional<String> header(String name) {
        List<String> lines = headers.apply(name).stream().distinct().toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }

    /** The media type without parameters, in lower case; empty where there is none. */
    String mediaType() {
        return header("Content-Type").map(SiteRequest::bare).orElse("");
    }

    /** A media type without its parameters, in lower case. */
    public static String bare(String mediaType) {
        return mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Whether a browser asks if it may send something. */
    public boolean isPreflight() {
        return method.equals("OPTIONS")
                && header("Origin").isPresent()
                && header("Access-Control-Request-Method").isPresent();
    }
}
