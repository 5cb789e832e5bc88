package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.json.DifyJson;
import java.net.http.HttpResponse.BodySubscriber;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * The way in for the packages of the endpoints: sends what they describe, under the options of the caller. Cancelling a
 * future that comes out of here, or ending it in another way such as {@code orTimeout}, closes its connection. Thread-safe.
 */
public final class Calls {
    private final Session session;
    private final CallOptions options;

    /** Calls without options. */
    public Calls(Session session) {
        this(session, CallOptions.NONE);
    }

    private Calls(Session session, CallOptions options) {
        this.session = session;
        this.options = options;
    }

    /** Calls of the same session under other options. */
    public Calls with(CallOptions other) {
        return new Calls(session, other);
    }

    /** The same calls with a deadline for each of them. */
    public Calls within(Duration deadline) {
        return new Calls(session, options.deadline(deadline));
    }

    public Session session() {
        return session;
    }

    public DifyConfig config() {
        return session.config();
    }

    /** How long to wait, with the caller's deadline in its place. */
    public Timeouts timeouts() {
        Timeouts configured = config().timeouts();
        return options.deadline()
                .map(time -> configured.toBuilder().total(time).build())
                .orElse(configured);
    }

    /** For polling; tasks are short and never block. */
    public ScheduledExecutorService scheduler() {
        return session.scheduler();
    }

    /**
     * Sends, and reads the answer's JSON object. A yes without one is no answer.
     *
     * @return fails with a {@link DifyException}
     */
    public CompletableFuture<DifyJson> send(Request request) {
        return map(exchange(request, true), JsonCall.Reply::json);
    }

    /** The same with the head of the answer. */
    CompletableFuture<JsonCall.Reply> exchange(Request request) {
        return exchange(request, true);
    }

    private CompletableFuture<JsonCall.Reply> exchange(Request request, boolean answered) {
        JsonCall call =
                new JsonCall(session, request, transportCall(request, "application/json"), deadline(request), answered);
        session.start(call);
        return call.end();
    }

    /** Sends, and makes something of the answer. */
    public <T> CompletableFuture<T> send(Request request, Function<DifyJson, T> reader) {
        return map(send(request), reader);
    }

    /** Sends, and is content with a yes, whether or not there is anything in it. */
    public CompletableFuture<Void> sendOnly(Request request) {
        return map(exchange(request, false), answer -> null);
    }

    /**
     * Sends, and passes the answer's bytes on as they come.
     *
     * @param accept {@code *}{@code /*} for a file of any kind; for any other, an answer in JSON is a refusal
     * @param body takes them, on the connection's thread
     * @return completes when the body is there: for some subscribers that is at once. Fails with a {@link DifyException}, or
     *     an {@link java.io.UncheckedIOException} where the body could not be put where it was to go
     */
    public <T> CompletableFuture<Download<T>> download(Request request, String accept, BodySubscriber<T> body) {
        DownloadCall<T> call =
                new DownloadCall<>(session, request, transportCall(request, accept), deadline(request), body);
        session.start(call);
        return call.reply();
    }

    /**
     * Sends, and streams the answer. Returns at once.
     *
     * @param stopTask asks Dify to end a task, for the user who began it
     */
    public DifyStream stream(Request request, Function<String, CompletableFuture<Void>> stopTask) {
        return stream(request, stopTask, true);
    }

    /**
     * Joins the stream of a run that goes on by itself: who leaves does not stop it.
     *
     * @param stopTask asks Dify to end a task, where the reader says so
     */
    public DifyStream watch(Request request, Function<String, CompletableFuture<Void>> stopTask) {
        return stream(request, stopTask, false);
    }

    private DifyStream stream(Request request, Function<String, CompletableFuture<Void>> stopTask, boolean owned) {
        StreamCall call = new StreamCall(
                session, request, transportCall(request, "text/event-stream"), timeouts(), stopTask, owned);
        session.start(call);
        return new DifyStream(call);
    }

    private HttpTransport.Call transportCall(Request request, String accept) {
        Map<String, String> headers = new LinkedHashMap<>(options.allHeaders());
        headers.put("Authorization", config().apiKey().authorization());
        headers.put("Accept", accept);
        if (!request.body().mediaType().isEmpty()) {
            headers.put("Content-Type", request.body().mediaType());
        }
        return new HttpTransport.Call(
                request.method(),
                config().resolve(request.target()),
                headers,
                request.body().bytes(),
                request.body().upload(),
                config().timeouts().connect());
    }

    private Deadline deadline(Request request) {
        return options.deadline()
                .map(Deadline::ofAll)
                .orElseGet(() -> Deadline.ofSilence(
                        request.timeout().orElse(config().timeouts().blocking())));
    }

    /** The same future for another result; cancelling it cancels this one. */
    public static <T, R> CompletableFuture<R> map(CompletableFuture<T> source, Function<T, R> function) {
        return linked(source.thenApply(function), source);
    }

    /** Two in a row; cancelling the whole cancels the one under way. */
    public static <T, R> CompletableFuture<R> then(
            CompletableFuture<T> source, Function<T, CompletableFuture<R>> function) {
        CompletableFuture<R> whole = new CompletableFuture<>();
        linked(whole, source);
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                whole.completeExceptionally(unwrapped(failure));
                return;
            }
            try {
                CompletableFuture<R> second = function.apply(value);
                linked(whole, second);
                second.whenComplete((result, late) -> {
                    if (late == null) {
                        whole.complete(result);
                    } else {
                        whole.completeExceptionally(unwrapped(late));
                    }
                });
            } catch (RuntimeException e) {
                whole.completeExceptionally(e);
            }
        });
        return whole;
    }

    /** Whoever ends the result early, by cancelling or by {@code orTimeout}, ends the source. */
    private static <R> CompletableFuture<R> linked(CompletableFuture<R> result, CompletableFuture<?> source) {
        result.whenComplete((value, failure) -> source.cancel(false));
        return result;
    }

    /** The same call, whose failure may stand for a result; cancelling it cancels this one. */
    public static <T> CompletableFuture<T> recover(CompletableFuture<T> source, Function<Throwable, T> instead) {
        return linked(source.exceptionally(failure -> instead.apply(unwrapped(failure))), source);
    }

    /** What a future failed with, without the wrapping that stages put around it. */
    public static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Waits. When the thread is interrupted the call is cancelled and the flag set again.
     *
     * @throws DifyException what the call failed with
     */
    public static <T> T await(CompletableFuture<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(false);
            Thread.currentThread().interrupt();
            throw new DifyConnectionException(
                    DifyConnectionException.CANCELLED, "interrupted while waiting for Dify", true);
        } catch (ExecutionException e) {
            Throwable cause = unwrapped(e.getCause() == null ? e : e.getCause());
            if (cause instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException("a call failed with what is none of its failures", cause);
        }
    }
}
