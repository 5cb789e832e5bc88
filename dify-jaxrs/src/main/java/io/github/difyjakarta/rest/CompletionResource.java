package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.chat.CompletionRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Texts of a completion app: {@code POST {app}/completion-messages} and its stop. */
@Path("{app}")
@InOwnApplication
public class CompletionResource {
    /** Begins a text; {@code response_mode} decides between a stream and, by default, a document. */
    @POST
    @Path("completion-messages")
    @Produces(Asking.STREAM)
    public void complete(@BeanParam Entrance entrance, InputStream entity, @Context SseEventSink sink)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.COMPLETION);
        JsonNode body = Entrance.body(entity);
        RunBody run = RunBody.of(body, visit.fileRules());
        visit.requireInputs(run.inputs().keySet());
        String query = JsonBody.text(body, "query").orElse("");
        CompletionRequest request = new CompletionRequest(visit.user(), run.inputs(), query, run.files(), Map.of());
        long characters = (long) query.length() + run.characters();
        Asking asking = Asking.of(visit, entrance, sink);
        if (run.streaming()) {
            asking.stream(request, characters, () -> visit.client().completions().stream(request));
        } else {
            asking.document(
                    characters,
                    () -> visit.client().completions().completeAsync(request),
                    answer -> CompletionDocument.of(answer, visit.events()));
        }
    }

    /** Stops a text of the caller's own; see {@link Asking#stop}. */
    @POST
    @Path("completion-messages/{task_id}/stop")
    @Produces("application/json")
    public void stop(
            @BeanParam Entrance entrance, @PathParam("task_id") String taskId, @Suspended AsyncResponse response) {
        Visit visit = entrance.admitWithJson(EndpointGroup.COMPLETION);
        Documents.success(entrance, response, Asking.stop(visit, taskId, () -> visit.client()
                .completions()
                .stopAsync(visit.user(), taskId)));
    }
}
