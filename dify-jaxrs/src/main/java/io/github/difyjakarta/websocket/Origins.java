package io.github.difyjakarta.websocket;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which pages may connect. Browsers send a user's cookies along with any page's WebSocket and know no rule of the same origin
 * there, so the {@code Origin} header is all there is against another site's script (RFC 6455, 10.2). Immutable.
 *
 * @param allowed origins of other hosts, as browsers send them
 * @param missingAllowed whether no origin at all will do
 */
record Origins(Set<String> allowed, boolean missingAllowed) {
    Origins {
        allowed = Set.copyOf(allowed);
    }

    /**
     * Whether a page of this origin may connect.
     *
     * @param origins all {@code Origin} headers
     * @param host the {@code Host} header; empty where there is none
     * @param secure whether the request came by TLS, as far as the server knows
     */
    boolean allow(List<String> origins, String host, boolean secure) {
        if (origins.isEmpty()) {
            return missingAllowed;
        }
        if (origins.size() > 1) {
            return false;
        }
        String origin = origins.get(0);
        // TLS may end at a proxy, so a page by https may come to us without; the other way round anybody on the way
        // could have made the page up.
        return allowed.contains(origin)
                || isHost(origin, "https://", host, ":443")
                || (!secure && isHost(origin, "http://", host, ":80"));
    }

    /** Some proxies name the port in {@code Host} where browsers leave it out of {@code Origin}. */
    private static boolean isHost(String origin, String scheme, String host, String defaultPort) {
        String named = host.endsWith(defaultPort) ? host.substring(0, host.length() - defaultPort.length()) : host;
        return !named.isEmpty() && origin.equals(scheme + named.toLowerCase(Locale.ROOT));
    }
}
