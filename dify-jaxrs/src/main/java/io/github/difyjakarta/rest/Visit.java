package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;

/**
 * What every endpoint needs to know first: that the caller may be here, who it is, and which app is meant.
 *
 * @param clients of this application
 * @param app its name
 * @param client of the app; fails with what is missing where it is not configured
 * @param user as Dify knows the caller
 */
record Visit(DifyClients clients, String app, DifyClient client, String user) {
    /**
     * Admits a caller.
     *
     * @throws Problem 401 without a caller, 403 from another site, 404 for an app that is not named in the settings or a
     *     group that is switched off for it
     */
    static Visit admit(EndpointGroup group, String app, HttpServletRequest request, HttpServletResponse response) {
        DifyClients clients = DifyClients.current();
        refuseOtherSites(request);
        String user = clients.settings()
                .identity()
                .of(request, response)
                .map(caller -> clients.settings().mapping().user(caller.name()))
                .orElseThrow(() -> new Problem(RelayError.of(401, "unauthorized", "Please log in.")));
        if (!clients.isNamed(app)) {
            throw new Problem(RelayError.of(404, "not_found", "There is no such app."));
        }
        if (!clients.settings().offers(app, group)) {
            throw new Problem(RelayError.of(404, "not_found", "This app has no such endpoint here."));
        }
        return new Visit(clients, app, clients.client(app), user);
    }

    /** Which files requests to the app may name. */
    FileRules fileRules() {
        return new FileRules(
                clients.settings().offers(app, EndpointGroup.FILES),
                clients.settings().files().remoteFiles());
    }

    /** Browsers say where a request comes from; a page of another site has no business with a user's session. */
    static void refuseOtherSites(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new Problem(RelayError.of(403, "cross_site", "Requests from other sites are refused."));
        }
    }

    /**
     * Checks that a body claims to be JSON: a form of another site can send cookies, but not this type.
     *
     * @throws Problem 415
     */
    static void requireJson(HttpServletRequest request) {
        String type = request.getContentType();
        String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!bare.equals("application/json")) {
            throw new Problem(
                    RelayError.of(415, "unsupported_media_type", "The request must have the type application/json."));
        }
    }
}
