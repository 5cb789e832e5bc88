package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.Relays;
import io.github.difyjakarta.relay.TokenMeter;
import io.github.difyjakarta.servlet.EventStreamOutput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A request whose answer a model makes: what the endpoints of all modes share. Its answer is either a {@link #stream} or a
 * {@link #document}; either way the request thread returns at once, and the head waits for Dify's first word.
 *
 * <p>Confined to the request thread.
 */
final class Asking {
    /** The media type of a stream; a document in its place names its own. */
    static final String STREAM = "text/event-stream;charset=utf-8";

    private final Visit visit;
    private final HttpServletRequest request;
    private final SseEventSink sink;
    private final EventStreamOutput output;
    private final TokenMeter meter;

    private Asking(
            Visit visit, HttpServletRequest request, SseEventSink sink, EventStreamOutput output, TokenMeter meter) {
        this.visit = visit;
        this.request = request;
        this.sink = sink;
        this.output = output;
        this.meter = meter;
    }

    /**
     * Begins, by taking what the answer may cost.
     *
     * @param characters of what is asked
     * @throws Problem 503 without the streaming filter, 429 where a budget of tokens is used up
     */
    static Asking paid(Visit visit, HttpServletRequest request, SseEventSink sink, long characters) {
        EventStreamOutput output = output(request);
        return new Asking(visit, request, sink, output, Tokens.reserve(request, characters));
    }

    /**
     * Begins to watch what was paid already.
     *
     * @throws Problem 503 without the streaming filter
     */
    static Asking free(Visit visit, HttpServletRequest request, SseEventSink sink) {
        return new Asking(visit, request, sink, output(request), TokenMeter.FREE);
    }

    /** The output of a request, which the streaming filter gives. */
    static EventStreamOutput output(HttpServletRequest request) {
        return EventStreamOutput.of(request)
                .orElseThrow(() -> new Problem(RelayError.of(
                        503,
                        "not_configured",
                        "Chat and files need the streaming filter: dify.streaming.enabled must not be false, and"
                                + " dify.streaming.url-patterns must cover this path.")));
    }

    /** Answers with Dify's events as they come. */
    void stream(Supplier<DifyStream> run) {
        Relays relays = visit.clients().relays();
        SseOutlet outlet = SseOutlet.open(sink, output, Dialect.of(request), relays.config());
        try {
            relays.relay(run.get(), outlet, visit.user(), meter, visit.events());
        } catch (DifyException e) {
            meter.settle(null, e);
            outlet.error(RelayError.of(e));
        }
    }

    /** Answers with one document, when the answer is whole. A caller who leaves before that stops the run. */
    void document(Supplier<? extends CompletionStage<Answer>> run, Function<Answer, byte[]> form) {
        SseOutlet outlet = SseOutlet.withheld(sink, output);
        CompletableFuture<Answer> answer;
        try {
            answer = run.get().toCompletableFuture();
        } catch (DifyException e) {
            meter.settle(null, e);
            outlet.error(RelayError.of(e));
            return;
        }
        outlet.onClosed(() -> answer.cancel(false));
        answer.whenComplete((whole, failure) -> {
            meter.settle(whole, failure);
            if (failure == null) {
                visit.clients().relays().ownership().grant(visit.user(), whole);
                outlet.document(form.apply(whole));
            } else {
                outlet.error(RelayError.of(Calls.unwrapped(failure)));
            }
        });
    }

    /**
     * Stops a run of the caller's own. As at Dify, an id that is unknown is answered like any other; one that is another user's
     * is unknown.
     */
    static CompletionStage<Void> stop(Visit visit, String taskId, Supplier<? extends CompletionStage<Void>> stop) {
        return visit.clients().relays().isRunning(taskId, visit.user())
                ? stop.get()
                : CompletableFuture.completedFuture(null);
    }
}
