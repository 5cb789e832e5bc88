package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.relay.Beginning;
import io.github.difyjakarta.relay.RelayError;
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
    private final Entrance entrance;
    private final SseEventSink sink;
    private final EventStreamOutput output;

    private Asking(Visit visit, Entrance entrance, SseEventSink sink, EventStreamOutput output) {
        this.visit = visit;
        this.entrance = entrance;
        this.sink = sink;
        this.output = output;
    }

    /**
     * Begins.
     *
     * @throws Problem 503 without the streaming filter
     */
    static Asking of(Visit visit, Entrance entrance, SseEventSink sink) {
        return new Asking(visit, entrance, sink, output(entrance.request()));
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

    /**
     * Answers with Dify's events as they come, after taking what they may cost; see {@link StreamedAnswer#give}.
     *
     * @param question by which a repeated one is known, see {@link io.github.difyjakarta.relay.Question#content}
     * @param characters of what is asked
     */
    void stream(Object question, long characters, Supplier<DifyStream> run) {
        new StreamedAnswer(visit, entrance).give(outlet(), question, characters, run);
    }

    /** Answers with the events of a run that was paid already. */
    void watch(Supplier<DifyStream> run) {
        SseOutlet outlet = outlet();
        try {
            visit.clients()
                    .relays()
                    .relay(new Beginning.Run(run.get(), TokenMeter.FREE, visit.events()), outlet, visit.user());
        } catch (DifyException e) {
            outlet.error(RelayError.of(e));
        }
    }

    private SseOutlet outlet() {
        return SseOutlet.open(
                sink,
                output,
                Dialect.of(entrance.request()),
                visit.clients().relays().config());
    }

    /**
     * Answers with one document, when the answer is whole, after taking what it may cost. A caller who leaves before that stops
     * the run.
     *
     * @param characters of what is asked
     * @throws Problem 429 where a budget of tokens is used up
     */
    void document(long characters, Supplier<? extends CompletionStage<Answer>> run, Function<Answer, byte[]> form) {
        TokenMeter meter = Tokens.reserve(entrance.request(), characters);
        SseOutlet outlet = SseOutlet.withheld(sink, output);
        CompletableFuture<Answer> answer;
        try {
            answer = run.get().toCompletableFuture();
        } catch (DifyException e) {
            meter.settle(null, e);
            outlet.error(RelayError.of(e));
            return;
        }
        Places.handOver(entrance.request(), answer);
        outlet.onClosed(() -> answer.cancel(false));
        // What goes wrong on this side is told as well: else the browser would wait for ever.
        answer.whenComplete(meter::settle)
                .thenApply(whole -> {
                    visit.clients().relays().ownership().grant(visit.user(), whole);
                    return form.apply(whole);
                })
                .whenComplete((document, failure) -> {
                    if (failure == null) {
                        outlet.document(document);
                    } else {
                        outlet.error(RelayError.of(failure));
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
