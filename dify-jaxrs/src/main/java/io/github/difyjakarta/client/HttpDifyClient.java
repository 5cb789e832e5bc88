package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.BlockingBody;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.http.HttpTransport;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@link DifyClient} over HTTP. */
final class HttpDifyClient implements DifyClient, StreamCall.Host {
    private final DifyConfig config;
    private final HttpTransport transport;
    private final ScheduledExecutorService scheduler;
    private final Bulkhead bulkhead;
    /** Ends what only the first client of a family owns. */
    private final Runnable onClose;

    private final Set<StreamCall> streams = ConcurrentHashMap.newKeySet();
    private final Set<HttpDifyClient> derived = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable CompletableFuture<Optional<AppMode>>> askedMode = new AtomicReference<>();
    private volatile boolean closed;

    private HttpDifyClient(
            DifyConfig config, HttpTransport transport, ScheduledExecutorService scheduler, Runnable onClose) {
        this.config = config;
        this.transport = transport;
        this.scheduler = scheduler;
        this.bulkhead = new Bulkhead(config.maxConcurrentRequests(), scheduler);
        this.onClose = onClose;
    }

    static HttpDifyClient standalone(DifyConfig config) {
        DaemonTimer scheduler = new DaemonTimer();
        HttpTransport transport = new HttpTransport(scheduler);
        return new HttpDifyClient(config, transport, scheduler, () -> {
            transport.close();
            scheduler.shutdownNow();
        });
    }

    static HttpDifyClient hosted(DifyConfig config, ScheduledExecutorService scheduler) {
        HttpTransport transport = new HttpTransport(scheduler);
        return new HttpDifyClient(config, transport, scheduler, transport::close);
    }

    @Override
    public DifyClient with(DifyConfig other) {
        AtomicReference<@Nullable HttpDifyClient> self = new AtomicReference<>();
        HttpDifyClient child = new HttpDifyClient(other, transport, scheduler, () -> derived.remove(self.get()));
        self.set(child);
        derived.add(child);
        return child;
    }

    // ---- generation

    @Override
    public ChatStream streamChat(ChatRequest request) {
        StreamCall call = new StreamCall(
                this,
                post("/chat-messages", request.toBody("streaming"), "text/event-stream"),
                taskId -> stop(taskId, request.user()));
        streams.add(call);
        call.outcome().whenComplete((outcome, failure) -> streams.remove(call));
        if (closed) {
            call.shutDown();
        } else {
            learnMode();
            call.start();
        }
        return new ChatStream(call);
    }

    @Override
    public Answer chat(ChatRequest request) {
        return streamChat(request).collect();
    }

    @Override
    public CompletionStage<Answer> chatAsync(ChatRequest request) {
        return streamChat(request).collectAsync();
    }

    @Override
    public CompletionStage<Answer> chatBlocking(ChatRequest request) {
        Duration timeout = mode().filter(mode -> mode == AppMode.CHAT || mode == AppMode.COMPLETION)
                        .isPresent()
                ? config.timeouts().blocking()
                : config.timeouts().blockingComplex();
        return bulkhead.acquire(config.timeouts().acquire()).thenCompose(permit -> {
            if (permit.isEmpty()) {
                return CompletableFuture.failedFuture(new DifyConnectionException(
                        DifyConnectionException.BUSY, "all concurrent requests to Dify are taken", false));
            }
            return call(post("/chat-messages", request.toBody("blocking"), "application/json"), false, timeout)
                    .whenComplete((reply, failure) -> permit.get().close())
                    .thenApply(HttpDifyClient::blockingAnswer);
        });
    }

    private static Answer blockingAnswer(JsonCall.Reply reply) {
        Answer answer = BlockingBody.read(reply.json());
        if (answer.outcome() instanceof Outcome.Failed failed) {
            throw new DifyApiException(failed.status(), failed.code(), failed.message(), Optional.empty());
        }
        return answer;
    }

    @Override
    public CompletionStage<Void> stopChat(String taskId, String user) {
        return stop(taskId, user).minimalCompletionStage();
    }

    private CompletableFuture<Void> stop(String taskId, String user) {
        String path = "/chat-messages/" + URLEncoder.encode(taskId, UTF_8) + "/stop";
        // Dify says yes to any stop, as often as it is asked; so it may be sent again.
        return call(
                        post(path, Map.of("user", user), "application/json"),
                        true,
                        config.timeouts().stop())
                .thenApply(reply -> null);
    }

    // ---- the app

    @Override
    public CompletionStage<AppParameters> parameters() {
        return get("/parameters").thenApply(reply -> AppParameters.of(reply.parse(), new String(reply.json(), UTF_8)));
    }

    @Override
    public CompletionStage<AppInfo> info() {
        return get("/info").thenApply(reply -> AppInfo.of(reply.parse(), new String(reply.json(), UTF_8)));
    }

    private CompletableFuture<JsonCall.Reply> get(String path) {
        Map<String, String> headers =
                Map.of("Authorization", config.apiKey().authorization(), "Accept", "application/json");
        return call(
                new HttpTransport.Call(
                        "GET",
                        config.resolve(path),
                        headers,
                        new byte[0],
                        config.timeouts().connect()),
                true,
                config.timeouts().blocking());
    }

    // ---- for its calls

    private HttpTransport.Call post(String path, Map<String, ?> body, String accept) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", config.apiKey().authorization());
        headers.put("Content-Type", "application/json");
        headers.put("Accept", accept);
        return new HttpTransport.Call(
                "POST",
                config.resolve(path),
                headers,
                JsonBody.write(body),
                config.timeouts().connect());
    }

    private CompletableFuture<JsonCall.Reply> call(HttpTransport.Call request, boolean repeatable, Duration timeout) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new DifyConnectionException(DifyConnectionException.CANCELLED, "the client is closed", false));
        }
        return new JsonCall(this, request, repeatable, timeout).start();
    }

    @Override
    public DifyConfig config() {
        return config;
    }

    @Override
    public HttpTransport transport() {
        return transport;
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    public Bulkhead bulkhead() {
        return bulkhead;
    }

    @Override
    public Optional<AppMode> mode() {
        CompletableFuture<Optional<AppMode>> asked = askedMode.get();
        return config.mode().or(() -> asked == null ? Optional.empty() : asked.getNow(Optional.empty()));
    }

    /** Asked once, beside the first stream: until the answer is there no stream is held back. */
    private void learnMode() {
        if (config.mode().isPresent() || askedMode.get() != null) {
            return;
        }
        CompletableFuture<Optional<AppMode>> asked = new CompletableFuture<>();
        if (askedMode.compareAndSet(null, asked)) {
            info().whenComplete(
                            (info, failure) -> asked.complete(failure == null ? info.knownMode() : Optional.empty()));
        }
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(derived).forEach(HttpDifyClient::close);
        List.copyOf(streams).forEach(StreamCall::shutDown);
        onClose.run();
    }

    /** Names neither the key nor the user. */
    @Override
    public String toString() {
        return "DifyClient[" + config.apiUrl() + "]";
    }
}
