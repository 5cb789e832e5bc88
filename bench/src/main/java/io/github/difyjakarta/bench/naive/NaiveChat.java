package io.github.difyjakarta.bench.naive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Asks Dify on a managed thread and passes its events on, one by one. */
@Path("chat-messages")
@ApplicationScoped
public class NaiveChat {

    private static final String DATA = "data: ";

    private final HttpClient dify =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    @Inject
    @ConfigProperty(name = "dify.api-url")
    String url;

    @Inject
    @ConfigProperty(name = "dify.api-key")
    String key;

    @Resource
    @SuppressWarnings("NullAway.Init") // by the container
    ManagedExecutorService threads;

    /** Streams the answer. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void ask(String question, @Context SseEventSink sink, @Context Sse sse) {
        threads.execute(() -> stream(question, sink, sse));
    }

    private void stream(String question, SseEventSink sink, Sse sse) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/chat-messages"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(question))
                .build();
        try (sink;
                Stream<String> lines =
                        dify.send(request, BodyHandlers.ofLines()).body()) {
            Iterator<String> line = lines.filter(text -> text.startsWith(DATA)).iterator();
            while (line.hasNext() && !sink.isClosed()) {
                JsonNode event = json.readTree(line.next().substring(DATA.length()));
                sink.send(sse.newEvent(json.writeValueAsString(event)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("Dify did not answer to the end", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
