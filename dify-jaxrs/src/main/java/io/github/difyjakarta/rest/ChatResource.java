package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.TokenMeter;
import io.github.difyjakarta.servlet.EventStreamOutput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Questions and their answers: {@code POST {app}/chat-messages} and its stop. The class has no literal in its path, so that
 * it loses against every resource of a host that scans for it.
 */
@Path("{app}")
@InOwnApplication
public class ChatResource {
    private static final String STREAM = "text/event-stream;charset=utf-8";

    /**
     * Asks. {@code response_mode} decides whether the answer is a stream or, as at Dify by default, a document; either way
     * the request thread returns at once and the head waits for Dify's first word.
     */
    @POST
    @Path("chat-messages")
    @Produces(STREAM)
    public void ask(
            @PathParam("app") String app,
            InputStream entity,
            @Context SseEventSink sink,
            @Context HttpServletRequest request,
            @Context HttpServletResponse response)
            throws IOException {
        Visit visit = Visit.admit(EndpointGroup.CHAT, app, request, response);
        Visit.requireJson(request);
        ChatBody body = ChatBody.read(entity, visit.clients().relays().config().maxBodyBytes());
        EventStreamOutput output = EventStreamOutput.of(request)
                .orElseThrow(() -> new Problem(RelayError.of(
                        503,
                        "not_configured",
                        "Chat needs the streaming filter: dify.streaming.enabled must not be false, and"
                                + " dify.streaming.url-patterns must cover this path.")));
        ChatRequest question = body.toRequest(visit.user());
        TokenMeter meter = Tokens.reserve(request, question.query().length());
        if (body.streaming()) {
            stream(
                    visit,
                    question,
                    meter,
                    SseOutlet.open(
                            sink,
                            output,
                            Dialect.of(request),
                            visit.clients().relays().config()));
        } else {
            document(visit, question, meter, SseOutlet.withheld(sink, output));
        }
    }

    private static void stream(Visit visit, ChatRequest question, TokenMeter meter, SseOutlet outlet) {
        try {
            visit.clients().relays().relay(visit.client().chat().stream(question), outlet, visit.user(), meter);
        } catch (DifyException e) {
            meter.settle(null, e);
            outlet.error(RelayError.of(e));
        }
    }

    private static void document(Visit visit, ChatRequest question, TokenMeter meter, SseOutlet outlet) {
        CompletionStage<Answer> answer;
        try {
            answer = visit.client().chat().askAsync(question);
        } catch (DifyException e) {
            meter.settle(null, e);
            outlet.error(RelayError.of(e));
            return;
        }
        outlet.onClosed(() -> answer.toCompletableFuture().cancel(false));
        answer.whenComplete((whole, failure) -> {
            meter.settle(whole, failure);
            if (failure == null) {
                outlet.document(ChatDocument.of(whole));
            } else {
                outlet.error(RelayError.of(failure));
            }
        });
    }

    /**
     * Stops an answer of the caller's own. As at Dify, an id that is unknown is answered like any other; one that is another
     * user's is unknown.
     */
    @POST
    @Path("chat-messages/{task_id}/stop")
    @Produces("application/json")
    public void stop(
            @BeanParam Entrance entrance, @PathParam("task_id") String taskId, @Suspended AsyncResponse response) {
        Visit visit = entrance.admitWithJson(EndpointGroup.CHAT);
        CompletionStage<Void> stopped = visit.clients().relays().isRunning(taskId, visit.user())
                ? visit.client().chat().stopAsync(visit.user(), taskId)
                : CompletableFuture.completedFuture(null);
        Documents.success(entrance, response, stopped);
    }
}
