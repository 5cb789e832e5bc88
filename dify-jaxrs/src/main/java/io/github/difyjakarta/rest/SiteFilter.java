package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.origin.SiteRequest;
import io.github.difyjakarta.origin.SiteRules;
import io.github.difyjakarta.origin.Verdict;
import io.github.difyjakarta.origin.WebOrigin;
import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps pages of other sites from using a user's session at our endpoints, wherever those are mapped; a listed site gets CORS
 * headers. In front of the quotas: what another site's page sends costs its victim nothing. Thread-safe.
 */
final class SiteFilter implements Filter {
    private static final String ADMITTED = SiteFilter.class.getName();

    private final SiteRules rules;

    SiteFilter(SiteRules rules) {
        this.rules = rules;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http
                && response instanceof HttpServletResponse answer
                && DifyApplication.class
                        .getName()
                        .equals(http.getHttpServletMapping().getServletName())
                && !pass(http, answer)) {
            return;
        }
        chain.doFilter(request, response);
    }

    /** Whether the request goes on; else it is answered. */
    private boolean pass(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SiteRequest site = SiteRequest.of(request);
        Optional<WebOrigin> listed = rules.listedOrigin(site);
        if (!rules.allowed().isEmpty()) {
            response.addHeader("Vary", "Origin");
        }
        listed.ifPresent(origin -> CorsHeaders.of(origin, site.isPreflight()).forEach(response::setHeader));
        if (listed.isPresent() && site.isPreflight()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return false;
        }
        Optional<RelayError> refusal = refusal(rules.judge(site));
        if (refusal.isPresent()) {
            Reply.problem(refusal.get()).writeTo(response);
            return false;
        }
        request.setAttribute(ADMITTED, true);
        return true;
    }

    /**
     * Judges a request once more where this filter has not been asked: a host's {@code web.xml} can leave out what registers it.
     *
     * @throws Problem where it is to be refused
     */
    static void require(HttpServletRequest request) {
        if (request.getAttribute(ADMITTED) == null) {
            SiteRules rules = DifyClients.current().settings().sites();
            refusal(rules.judge(SiteRequest.of(request))).ifPresent(error -> {
                throw new Problem(error);
            });
        }
    }

    private static Optional<RelayError> refusal(Verdict verdict) {
        return switch (verdict) {
            case OWN, LISTED -> Optional.empty();
            case OTHER_SITE ->
                Optional.of(RelayError.of(
                        403,
                        "cross_site",
                        "Requests from other sites are refused. Behind a proxy that changes the address,"
                                + " dify.quota.trusted-proxies or dify.relay.allowed-origins must name it."));
            case UNPROVEN ->
                Optional.of(RelayError.of(
                        403,
                        "cross_site",
                        "The request does not say from which site it comes. Programs send the header "
                                + SiteRequest.SCRIPT_HEADER + ", with any value."));
            case FORM -> Optional.of(notJson());
        };
    }

    static RelayError notJson() {
        return RelayError.of(415, "unsupported_media_type", "The request must have the type application/json.");
    }
}
