package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.chat.ChatRequest;
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

/**
 * Questions and their answers: {@code POST {app}/chat-messages} and its stop. The class has no literal in its path, so that
 * it loses against every resource of a host that scans for it.
 */
@Path("{app}")
@InOwnApplication
public class ChatResource {
    /**
     * Asks. {@code response_mode} decides whether the answer is a stream or, as at Dify by default, a document; either way
     * the request thread returns at once and the head waits for Dify's first word.
     */
    @POST
    @Path("chat-messages")
    @Produces(Asking.STREAM)
    public void ask(@BeanParam Entrance entrance, InputStream entity, @Context SseEventSink sink) throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.CHAT);
        ChatBody body = ChatBody.read(entity, visit.clients().relays().config().maxBodyBytes(), visit.fileRules());
        visit.requireInputs(body.run().inputs().keySet());
        ChatRequest question = body.toRequest(visit.user());
        long characters = question.query().length();
        Asking asking = Asking.of(visit, entrance, sink);
        if (body.run().streaming()) {
            asking.stream(question, characters, () -> visit.client().chat().stream(question));
        } else {
            asking.document(
                    characters,
                    () -> visit.client().chat().askAsync(question),
                    answer -> ChatDocument.of(answer, visit.events()));
        }
    }

    /** Stops an answer of the caller's own; see {@link Asking#stop}. */
    @POST
    @Path("chat-messages/{task_id}/stop")
    @Produces("application/json")
    public void stop(
            @BeanParam Entrance entrance, @PathParam("task_id") String taskId, @Suspended AsyncResponse response) {
        Visit visit = entrance.admitWithJson(EndpointGroup.CHAT);
        Documents.success(entrance, response, Asking.stop(visit, taskId, () -> visit.client()
                .chat()
                .stopAsync(visit.user(), taskId)));
    }
}
