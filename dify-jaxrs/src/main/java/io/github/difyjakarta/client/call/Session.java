package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.http.HttpTransport;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What all calls to one app share: its way to Dify, its places, what is known of the server, its open calls. Thread-safe. */
public final class Session {
    private final DifyConfig config;
    private final HttpTransport transport;
    private final ScheduledExecutorService scheduler;
    private final Bulkhead bulkhead;
    private final Breaker breaker;
    private final Set<Open> calls = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable CompletableFuture<Optional<AppMode>>> askedMode = new AtomicReference<>();
    private volatile @Nullable String serverVersion;
    private volatile boolean closed;

    /**
     * @param scheduler for deadlines and retries; tasks are short and never block
     */
    public Session(DifyConfig config, HttpTransport transport, ScheduledExecutorService scheduler) {
        this(config, transport, scheduler, new Breaker(config.breaker(), new SteadyClock()));
    }

    private Session(DifyConfig config, HttpTransport transport, ScheduledExecutorService scheduler, Breaker breaker) {
        this.config = config;
        this.breaker = breaker;
        this.transport = transport;
        this.scheduler = scheduler;
        this.bulkhead = new Bulkhead(config.limits().maxConcurrentRequests(), scheduler);
    }

    /** A session for another configuration; where that is of the same app, what this one learns of its health is shared. */
    public Session with(DifyConfig other, HttpTransport way) {
        boolean same = other.apiUrl().equals(config.apiUrl())
                && other.apiKey().equals(config.apiKey())
                && other.breaker().equals(config.breaker());
        return same ? new Session(other, way, scheduler, breaker) : new Session(other, way, scheduler);
    }

    public DifyConfig config() {
        return config;
    }

    public HttpTransport transport() {
        return transport;
    }

    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    Bulkhead bulkhead() {
        return bulkhead;
    }

    /** What the server said it is in its last answer; empty before the first, and behind gateways that strip it. */
    public Optional<String> serverVersion() {
        return Optional.ofNullable(serverVersion);
    }

    void saw(HttpTransport.Head head) {
        String version = head.header("x-version");
        if (!version.isEmpty() && !version.equals(serverVersion)) {
            serverVersion = version;
        }
    }

    /** The mode of the app where it is known by now. */
    public Optional<AppMode> mode() {
        CompletableFuture<Optional<AppMode>> asked = askedMode.get();
        return config.mode().or(() -> asked == null ? Optional.empty() : asked.getNow(Optional.empty()));
    }

    /** Asks for the mode once, beside the first stream: until the answer is there no stream is held back. */
    private void learnMode() {
        if (config.mode().isPresent() || askedMode.get() != null) {
            return;
        }
        CompletableFuture<Optional<AppMode>> asked = new CompletableFuture<>();
        if (askedMode.compareAndSet(null, asked)) {
            new Calls(this)
                    .send(Request.get("/info").uncounted())
                    .whenComplete((info, failure) ->
                            asked.complete(failure == null ? AppMode.named(info.text("mode")) : Optional.empty()));
        }
    }

    /** One call, which does not outlive the session. */
    interface Open {
        void start();

        /** Completes, in whichever way, when nothing of it is left. */
        CompletableFuture<?> end();

        /** Ends it now. */
        void shutDown();

        /** Ends it before it has begun. */
        void fail(DifyException cause);

        /** Whether it is one of those that wait, and are refused, when there are too many or the server is ill. */
        boolean counted();

        /** Completes when the server has begun to answer as it should; with the result at the latest. */
        default CompletableFuture<?> answering() {
            return result();
        }

        /** How it went. */
        default CompletableFuture<?> result() {
            return end();
        }

        /** Whether its caller has lost interest. */
        default boolean givenUp() {
            return false;
        }
    }

    void start(StreamCall call) {
        if (!closed) {
            learnMode();
        }
        start((Open) call);
    }

    /** Starts a call; where the session is closed it has ended then. */
    void start(Open call) {
        calls.add(call);
        call.end().whenComplete((result, failure) -> calls.remove(call));
        if (closed) {
            call.shutDown();
        } else if (call.counted()) {
            startIfHealthy(call);
        } else {
            call.start();
        }
    }

    private void startIfHealthy(Open call) {
        Optional<Breaker.Pass> pass = breaker.pass();
        if (pass.isEmpty()) {
            call.fail(breaker.refusal());
            return;
        }
        Breaker.Pass granted = pass.get();
        call.answering().thenRun(granted::answering);
        call.result().whenComplete((result, failure) -> granted.ended(Health.of(result, failure, call.givenUp())));
        call.start();
    }

    /** Ends all calls under way; later ones fail. */
    public void close() {
        closed = true;
        List.copyOf(calls).forEach(Open::shutDown);
    }
}
