package io.github.difyjakarta.rest;

import io.github.difyjakarta.relay.Relays;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.sse.SseEventSink;
import org.jspecify.annotations.Nullable;

/** Answers that have begun: {@code GET {app}/streams/{id}} goes on where a browser left off, and asks Dify for nothing. */
@Path("{app}")
@InOwnApplication
public class StreamsResource {
    private static final int MOST_DIGITS = 18;

    /**
     * Continues a stream behind the event that {@code Last-Event-ID} names, else from its beginning; in place of the connection that
     * reads it, if there is one. 404 for a stream that is not the caller's, 410 where what follows is not kept any more.
     *
     * @param query for who cannot set the header, which wins
     */
    @GET
    @Path("streams/{id}")
    @Produces(Asking.STREAM)
    public void resume(
            @BeanParam Entrance entrance,
            @PathParam("id") String id,
            @QueryParam("last_event_id") @Nullable String query,
            @Context SseEventSink sink) {
        Visit visit = entrance.admit();
        HttpServletRequest request = entrance.request();
        String header = request.getHeader("Last-Event-ID");
        long last = number(header == null ? query : header);
        Relays relays = visit.clients().relays();
        SseOutlet outlet = SseOutlet.resume(sink, Asking.output(request), Dialect.RESUME, relays.config(), last);
        relays.resume(id, visit.app(), visit.user(), outlet, last);
    }

    private static long number(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            return 0;
        }
        if (id.length() > MOST_DIGITS || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw JsonBody.invalid("Last-Event-ID", "must be the number of an event");
        }
        return Long.parseLong(id);
    }
}
