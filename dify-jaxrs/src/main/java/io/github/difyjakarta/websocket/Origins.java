package io.github.difyjakarta.websocket;

import io.github.difyjakarta.origin.SiteRequest;
import io.github.difyjakarta.origin.SiteRules;
import io.github.difyjakarta.origin.WebOrigin;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which pages may connect. Browsers send a user's cookies along with any page's WebSocket and know no rule of the same origin
 * there, so the {@code Origin} header is all there is against another site's script (RFC 6455, 10.2). The rules for all requests
 * hold, and laxer ones of its own for sites whose TLS ends at a proxy of which nothing is set. Immutable.
 *
 * @param allowed origins of other hosts for sockets alone, as browsers send them
 * @param missingAllowed whether no origin at all will do
 */
record Origins(Set<String> allowed, boolean missingAllowed) {
    Origins {
        allowed = Set.copyOf(allowed);
    }

    /**
     * Whether the page that makes a handshake may connect: by the rules of sockets, or by those of all requests.
     *
     * @param secure whether it came by TLS, as far as the server knows
     * @param sites the rules of all requests; of them only what an {@code Origin} says counts
     */
    boolean allow(SiteRequest handshake, boolean secure, SiteRules sites) {
        List<String> origins = handshake.headers().apply("Origin");
        List<String> hosts = handshake.headers().apply("Host");
        return allow(origins, hosts.isEmpty() ? "" : hosts.get(0), secure)
                || (origins.size() == 1
                        && isAsBrowsersSendIt(origins.get(0))
                        && (sites.listedOrigin(handshake).isPresent() || sites.isOwn(origins.get(0), handshake)));
    }

    private static boolean isAsBrowsersSendIt(String origin) {
        return WebOrigin.parse(origin).map(WebOrigin::toString).equals(Optional.of(origin));
    }

    /**
     * Whether a page of this origin may connect by the rules of sockets alone.
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
