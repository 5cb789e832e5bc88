package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.AppAccess;
import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.origin.SiteRequest;
import io.github.difyjakarta.relay.EventPolicy;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.servlet.CallerIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;

/**
 * What every endpoint needs to know first: that the caller may be here, who it is, and which app is meant.
 *
 * @param clients of this application
 * @param app its name
 * @param client of the app; fails with what is missing where it is not configured
 * @param user as Dify knows the caller
 * @param access to the app
 * @param events what the caller gets to see of a run
 */
record Visit(DifyClients clients, String app, DifyClient client, String user, AppAccess access, EventPolicy events) {
    /**
     * Admits a caller.
     *
     * @throws Problem 401 without a caller, 403 from another site or without a role that is needed, 404 for an app that is
     *     not named in the settings or a group that is switched off for it
     */
    static Visit admit(EndpointGroup group, String app, HttpServletRequest request, HttpServletResponse response) {
        Visit visit = admit(app, request, response);
        if (!visit.clients().settings().offers(app, group)) {
            throw new Problem(RelayError.of(404, "not_found", "This app has no such endpoint here."));
        }
        return visit;
    }

    /**
     * Admits a caller to what belongs to no group.
     *
     * @throws Problem as above; 503 where the application is on its way down
     */
    static Visit admit(String app, HttpServletRequest request, HttpServletResponse response) {
        DifyClients clients = DifyClients.current();
        if (clients.relays().isShutDown()) {
            throw new Problem(RelayError.shuttingDown());
        }
        SiteFilter.require(request);
        CallerIdentity.Caller caller =
                clients.settings().identity().of(request, response).orElseThrow(Visit::unauthorized);
        if (!clients.isNamed(app)) {
            throw new Problem(RelayError.of(404, "not_found", "There is no such app."));
        }
        AppAccess access = clients.settings().access(app);
        if (!access.admits(request::isUserInRole)) {
            throw caller.anonymous()
                    ? unauthorized()
                    : new Problem(RelayError.of(403, "forbidden", "You may not use this app."));
        }
        return new Visit(
                clients,
                app,
                clients.client(app),
                clients.settings().mapping().user(caller.name()),
                access,
                access.eventsFor(request::isUserInRole));
    }

    /** Which files requests to the app may name. */
    FileRules fileRules() {
        return new FileRules(
                clients.settings().offers(app, EndpointGroup.FILES),
                clients.settings().files().remoteFiles());
    }

    private static Problem unauthorized() {
        return new Problem(RelayError.of(401, "unauthorized", "Please log in."));
    }

    /**
     * Checks the names of an app's form fields.
     *
     * @throws Problem 400 where one of them is not to be set by browsers
     */
    void requireInputs(Set<String> names) {
        if (!access.takes(names)) {
            throw JsonBody.invalid("inputs", "a field is not taken here");
        }
    }

    /**
     * Checks that a body claims to be JSON: a form of another site can send cookies, but not this type.
     *
     * @throws Problem 415
     */
    static void requireJson(HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null || !SiteRequest.bare(type).equals("application/json")) {
            throw new Problem(SiteFilter.notJson());
        }
    }
}
