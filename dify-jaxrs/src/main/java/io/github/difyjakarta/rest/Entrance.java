package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.EndpointGroup;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;

/** A request as it comes to any endpoint of an app. Confined to the request thread. */
public final class Entrance {
    @PathParam("app")
    @SuppressWarnings("NullAway.Init") // injected, like all below
    private String app;

    @Context
    @SuppressWarnings("NullAway.Init")
    private HttpServletRequest request;

    @Context
    @SuppressWarnings("NullAway.Init")
    private HttpServletResponse response;

    @Context
    @SuppressWarnings("NullAway.Init")
    private UriInfo uri;

    /** Lets the caller in; see {@link Visit#admit}. */
    Visit admit(EndpointGroup group) {
        return Visit.admit(group, app, request, response);
    }

    /** The same for what belongs to no group. */
    Visit admit() {
        return Visit.admit(app, request, response);
    }

    /** The same for a caller who brings a JSON body; throws 415 for any other. */
    Visit admitWithJson(EndpointGroup group) {
        Visit visit = admit(group);
        Visit.requireJson(request);
        return visit;
    }

    /** The same for what belongs to two groups, of which one must be on. */
    Visit admitToOne(EndpointGroup group, EndpointGroup other) {
        return admit(DifyClients.current().settings().offers(app, group) ? group : other);
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    ListQuery query() {
        return new ListQuery(uri.getQueryParameters());
    }

    /** The body, a JSON object; see {@link JsonBody#read}. */
    static JsonNode body(InputStream entity) throws IOException {
        return JsonBody.read(entity, DifyClients.current().relays().config().maxBodyBytes());
    }
}
