package io.github.difyjakarta.it.host;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseBroadcaster;
import jakarta.ws.rs.sse.SseEventSink;

/** Events for everybody who listens, and old ones for whoever asks: by the standard alone. */
@Path("news")
@Singleton
public class News {

    @Resource
    @SuppressWarnings("NullAway.Init")
    private ManagedExecutorService executor;

    private final Sse sse;
    private final SseBroadcaster broadcaster;

    /** For the server. */
    public News(@Context Sse sse) {
        this.sse = sse;
        this.broadcaster = sse.newBroadcaster();
    }

    private OutboundSseEvent event(int number, int size) {
        return sse.newEventBuilder()
                .id(Integer.toString(number))
                .data("x".repeat(size))
                .build();
    }

    /** Listens. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void listen(@Context SseEventSink sink) {
        broadcaster.register(sink);
        sink.send(sse.newEvent("welcome"));
    }

    /** {@return the number of the last event, when all were sent to everybody by this thread} */
    @GET
    @Path("publish")
    public String publish(@QueryParam("from") int from, @QueryParam("to") int to, @QueryParam("size") int size) {
        for (int i = from; i < to; i++) {
            broadcaster.broadcast(event(i, size));
        }
        return Integer.toString(to);
    }

    /** Sends some events from another thread, and ends. */
    @GET
    @Path("archive")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void archive(@Context SseEventSink sink, @QueryParam("to") int to) {
        executor.execute(() -> {
            try (sink) {
                for (int i = 0; i < to; i++) {
                    sink.send(event(i, 4));
                }
            }
        });
    }
}
