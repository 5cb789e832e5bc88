package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.app.App;
import io.github.difyjakarta.simulator.app.Paths;
import io.github.difyjakarta.simulator.app.Settings;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.HttpRequest;
import io.github.difyjakarta.simulator.http.Server;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A Dify on the loopback address that needs no key of a model provider: by itself it behaves as an app of any mode on any
 * Dify since 1.0.0 (a chat app on 1.16.0 if not told otherwise), and tests may script any answer of it down to the bytes.
 *
 * <pre>{@code
 * try (DifySimulator dify = DifySimulator.start()) {
 *     dify.next(Script.stream().event("{\"event\":\"message\",\"answer\":\"Hel\"}").cut());
 *     // … your application, configured with dify.url() and dify.key(), asks something …
 *     dify.awaitRequest(request -> request.path().equals("/chat-messages"), Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>Scripts come before everything else, also before the check of the key. All methods are thread-safe.
 */
public final class DifySimulator implements AutoCloseable {

    /** Older requests and streams are forgotten: a demo may run for weeks. */
    private static final int REMEMBERED = 10_000;
    /** Uploads are large. */
    private static final int REMEMBERED_BODY = 1024 * 1024;

    private final Settings settings;
    private final EventLoop loop;
    private final Server server;
    private final URI url;
    private final Scripts scripts = new Scripts();
    private final StopCalls stops = new StopCalls();
    private final Watched<Integer> openConnections = new Watched<>(0);
    private final Log<RecordedRequest> requests = new Log<>(REMEMBERED);
    private final Log<StreamRecord> streams = new Log<>(REMEMBERED);
    private final App app;

    DifySimulator(Settings settings) throws IOException {
        this.settings = settings;
        loop = new EventLoop();
        app = new App(loop, settings, this::track);
        server = listen();
        url = URI.create("http://127.0.0.1:" + server.port() + Paths.BASE);
        loop.start();
    }

    /**
     * Starts a chat app on a free port.
     *
     * @return to be closed
     */
    public static DifySimulator start() {
        return builder().start();
    }

    /**
     * For more than {@link #start}.
     *
     * @return with the defaults of {@link #start}
     */
    public static DifySimulatorBuilder builder() {
        return new DifySimulatorBuilder();
    }

    /**
     * Runs a simulator until the process is told to end: {@code --port N} (default 0: a free one), {@code --key app-…},
     * {@code --mode chat|agent-chat|agent|advanced-chat|completion|workflow}, {@code --version 1.16.0}. Prints the URL.
     *
     * @param arguments as above
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        CommandLine.run(arguments);
    }

    /**
     * Where it listens.
     *
     * @return {@code http://127.0.0.1:PORT/v1}, without a slash at the end
     */
    public URI url() {
        return url;
    }

    /**
     * The app key it accepts.
     *
     * @return begins with {@code app-} unless another one was chosen
     */
    public String key() {
        return settings.key();
    }

    /**
     * Answers the next request that generates, streaming or blocking: {@code POST /chat-messages}, in mode completion
     * {@code /completion-messages}, in mode workflow {@code /workflows/run}. Several are used up in their order.
     *
     * @param script what to answer
     */
    public void next(Script script) {
        nextAt("POST", settings.generationPath(), script);
    }

    /**
     * Answers every request that generates and no {@link #next} is waiting for.
     *
     * @param script what to answer; replaces an earlier one
     */
    public void always(Script script) {
        scripts.always("POST", settings.generationPath(), script);
    }

    /**
     * Answers the next request of this method and path.
     *
     * @param method for example {@code GET}
     * @param path below {@link #url}, without query: {@code /parameters}; a {@code *} at its end stands for anything
     * @param script what to answer
     */
    public void nextAt(String method, String path, Script script) {
        scripts.once(method, path, script);
    }

    /**
     * What has been asked so far.
     *
     * @return in order of arrival, at most the latest 10 000
     */
    public List<RecordedRequest> requests() {
        return requests.all();
    }

    /**
     * Waits for a request; one of the past will do.
     *
     * @param wanted which one
     * @param timeout how long to wait
     * @return the first that fits
     * @throws AssertionError if none comes in time
     */
    public RecordedRequest awaitRequest(Predicate<RecordedRequest> wanted, Duration timeout) {
        return requests.await(wanted, timeout)
                .orElseThrow(
                        () -> new AssertionError("No such request within " + timeout + ", only " + requests.all()));
    }

    /**
     * TCP connections that are open now, idle ones too.
     *
     * @return their number
     */
    public int openConnections() {
        return openConnections.get();
    }

    /**
     * Waits until exactly so many connections are open.
     *
     * @param count 0 or more
     * @param timeout how long to wait
     * @throws AssertionError if that is not so in time
     */
    public void awaitOpenConnections(int count, Duration timeout) {
        Function<Integer, Optional<Integer>> look = open -> open == count ? Optional.of(open) : Optional.empty();
        if (openConnections.await(timeout, look).isEmpty()) {
            throw new AssertionError(
                    "Not " + count + " but " + openConnections.get() + " connections are open after " + timeout);
        }
    }

    /**
     * The streamed answers so far, scripted and simulated, those under way included.
     *
     * @return in order of their beginning, at most the latest 10 000
     */
    public List<StreamRecord> streams() {
        return streams.all();
    }

    /** Ends all connections, without last chunks, and the thread. May be called twice. */
    @Override
    public void close() {
        loop.execute(server::close);
        loop.close();
    }

    private Server listen() throws IOException {
        try {
            return new Server(
                    loop, settings.port(), settings.keepAlive(), app::signature, this::answer, openConnections::set);
        } catch (IOException e) {
            loop.close();
            throw e;
        }
    }

    private void answer(Exchange exchange) {
        RecordedRequest request = recorded(exchange);
        Optional<ScriptedAnswer> scripted =
                Paths.isBelowBase(exchange.request()) ? scripts.take(request).map(Script::answer) : Optional.empty();
        // Before the request is logged, so that who awaits it finds its stream as well.
        scripted.filter(ScriptedAnswer::stream).ifPresent(found -> track(exchange));
        requests.add(request);
        stops.see(request);
        if (scripted.isPresent()) {
            new ScriptPlayer(loop, exchange, scripted.get(), stops).start();
        } else {
            app.answer(exchange);
        }
    }

    private void track(Exchange exchange) {
        StreamRecord stream = new StreamRecord(recorded(exchange));
        exchange.onEnd(how -> stream.end(StreamRecord.End.of(how)));
        streams.add(stream);
    }

    private static RecordedRequest recorded(Exchange exchange) {
        HttpRequest http = exchange.request();
        String body = http.beginning(REMEMBERED_BODY);
        return new RecordedRequest(
                http.method(), Paths.of(http), Paths.query(http), http.headers(), body, exchange.connection());
    }
}
