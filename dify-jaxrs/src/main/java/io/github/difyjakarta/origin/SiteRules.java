package io.github.difyjakarta.origin;

import io.github.difyjakarta.quota.ClientAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Judges where requests come from, by the headers that browsers set and pages cannot: {@code Sec-Fetch-Site} where there is
 * one, else {@code Origin}, which is compared with the site's own. Browsers send the first over https and to localhost
 * only, and the second not for every {@code GET}.
 *
 * <p>{@code Sec-Fetch-Site: same-origin} is believed before an {@code Origin} that differs: the browser has compared what the
 * user sees, while behind a proxy that changes {@code Host} we would compare something else; and pages with {@code
 * Referrer-Policy: no-referrer} may send {@code Origin: null} to their own site.
 *
 * @param allowed origins of other sites whose pages may call; default none
 * @param allowMissingOrigin whether requests without both headers need no further proof; default false
 * @param proxies whose {@code X-Forwarded-Proto}, {@code -Host} and {@code -Port}, or {@code Forwarded}, tell how users
 *     see the site; default none
 */
public record SiteRules(Set<WebOrigin> allowed, boolean allowMissingOrigin, ClientAddress proxies) {
    /** Nobody but the site's own pages. */
    public static final SiteRules DEFAULTS = new SiteRules(Set.of(), false, ClientAddress.DIRECT);

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** Copies the set. */
    public SiteRules {
        allowed = Set.copyOf(allowed);
    }

    /** What is to be done with a request. */
    public Verdict judge(SiteRequest request) {
        if (listedOrigin(request).isPresent()) {
            return Verdict.LISTED;
        }
        Optional<String> site = request.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin") || site.get().equals("none") ? Verdict.OWN : Verdict.OTHER_SITE;
        }
        return request.header("Origin")
                .map(origin -> isOwn(origin, request) ? Verdict.OWN : Verdict.OTHER_SITE)
                .orElseGet(() -> unsigned(request));
    }

    /** The listed origin that a request names, if it does. */
    public Optional<WebOrigin> listedOrigin(SiteRequest request) {
        return request.header("Origin").flatMap(WebOrigin::parse).filter(allowed::contains);
    }

    /**
     * Whether an {@code Origin} is the site's own: the same scheme, host and port by which users reach it.
     *
     * @param origin as it came; anything else than an origin is not
     */
    public boolean isOwn(String origin, SiteRequest request) {
        Optional<WebOrigin> own = ownOrigin(request);
        return own.isPresent() && WebOrigin.parse(origin).equals(own);
    }

    private Optional<WebOrigin> ownOrigin(SiteRequest request) {
        Optional<String> host = request.header("Host");
        return proxies.trusts(request.peer())
                ? ForwardedSite.of(request, proxies.header()).origin(request.scheme(), host)
                : host.flatMap(authority -> WebOrigin.of(request.scheme(), authority));
    }

    /** Of a program, or of an old browser: a form of another site sends no JSON, no header of its own, and no DELETE. */
    private Verdict unsigned(SiteRequest request) {
        if (allowMissingOrigin
                || SAFE_METHODS.contains(request.method())
                || request.header(SiteRequest.SCRIPT_HEADER).isPresent()) {
            return Verdict.OWN;
        }
        String type = request.mediaType();
        if (type.equals("application/json")) {
            return Verdict.OWN;
        }
        boolean bare = type.isEmpty() && !request.hasBody();
        return bare || request.method().equals("DELETE") || type.startsWith("multipart/")
                ? Verdict.UNPROVEN
                : Verdict.FORM;
    }
}
