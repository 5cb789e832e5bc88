package io.github.difyjakarta.origin;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from, as browsers compare it (RFC 6454): {@code https://app.example.org}. Immutable.
 *
 * @param scheme in lower case
 * @param host in lower case; IPv6 in brackets
 * @param port 1 to 65535; 0 for schemes that have none
 */
public record WebOrigin(String scheme, String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9+.-]{0,30})://(\\[[0-9a-f:.]{2,45}]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9a-f:.]{2,45}]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int LAST_PORT = 65_535;

    /** Reads an {@code Origin} header, or a setting; empty for {@code null} and all else that is none. */
    public static Optional<WebOrigin> parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        return matcher.matches() ? of(matcher.group(1), matcher.group(2), matcher.group(3)) : Optional.empty();
    }

    /**
     * The origin of a server's own pages.
     *
     * @param scheme of its URLs
     * @param authority what follows, with or without a port, as in a {@code Host} header
     */
    public static Optional<WebOrigin> of(String scheme, String authority) {
        Matcher matcher = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
        return matcher.matches()
                ? of(scheme.toLowerCase(Locale.ROOT), matcher.group(1), matcher.group(2))
                : Optional.empty();
    }

    private static Optional<WebOrigin> of(String scheme, String host, @Nullable String port) {
        int number = port == null ? defaultPort(scheme) : Integer.parseInt(port);
        return number > LAST_PORT ? Optional.empty() : Optional.of(new WebOrigin(scheme, host, number));
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> HTTP;
            case "https", "wss" -> HTTPS;
            default -> 0;
        };
    }

    /** As browsers write it, without the scheme's own port. */
    @Override
    public String toString() {
        return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
    }
}
