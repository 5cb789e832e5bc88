package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.app.App;
import io.github.difyjakarta.simulator.app.Behaviour;
import io.github.difyjakarta.simulator.app.Paths;
import io.github.difyjakarta.simulator.app.Settings;
import io.github.difyjakarta.simulator.app.Version;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.HttpRequest;
import io.github.difyjakarta.simulator.http.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
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

    private DifySimulator(Settings settings) throws IOException {
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
    public static Builder builder() {
        return new Builder();
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
        Optional<Script> script = Paths.isBelowBase(exchange.request()) ? scripts.take(request) : Optional.empty();
        // Before the request is logged, so that who awaits it finds its stream as well.
        script.filter(Script::isStream).ifPresent(found -> track(exchange));
        requests.add(request);
        stops.see(request);
        if (script.isPresent()) {
            new ScriptPlayer(loop, exchange, script.get(), stops).start();
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

    /** Settings of a simulator before it starts. Not thread-safe. */
    public static final class Builder {

        private int port;
        private String key = "app-simulator";
        private String mode = "chat";
        private Duration typing = Duration.ofMillis(5);
        private Duration pingInterval = Duration.ofSeconds(10);
        private Duration keepAlive = Duration.ofSeconds(65);
        private boolean files = true;
        private boolean speech = true;
        private boolean asciiFrames;
        private boolean suggestions = true;
        private int maxActive = Integer.MAX_VALUE;
        private Version version = Version.RECORDED;
        private boolean asksHuman;
        private boolean resumesWorkflows;
        private boolean failsRuns;
        private boolean limitIs429;
        private boolean subscribersCollide;
        private final List<String> requiredInputs = new ArrayList<>();

        private Builder() {}

        /**
         * Listens on this port.
         *
         * @param number 0 (the default) for a free one
         * @return this
         */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Accepts this key alone.
         *
         * @param appKey default {@code app-simulator}
         * @return this
         */
        public Builder key(String appKey) {
            key = appKey;
            return this;
        }

        /**
         * Is an app of this mode.
         *
         * @param name {@code chat} (the default), {@code agent-chat}, {@code agent} (the New Agent of 1.15.0),
         *     {@code advanced-chat} (a chatflow), {@code completion} or {@code workflow}
         * @return this
         */
        public Builder mode(String name) {
            mode = name;
            return this;
        }

        /**
         * Types its own answers at this speed.
         *
         * @param perWord mean time from one word to the next, default 5 ms; zero is as fast as it goes
         * @return this
         */
        public Builder typing(Duration perWord) {
            typing = perWord;
            return this;
        }

        /**
         * Sends keep-alives in its own answers so often. Scripts have them only where they say so.
         *
         * @param interval 1 ms or more, default 10 s as Dify's
         * @return this
         */
        public Builder pingInterval(Duration interval) {
            pingInterval = interval;
            return this;
        }

        /**
         * Closes connections that are idle for so long.
         *
         * @param idle default 65 s, as nginx in front of Dify; Dify's bare server does it after 2 s
         * @return this
         */
        public Builder keepAlive(Duration idle) {
            keepAlive = idle;
            return this;
        }

        /**
         * Is an app whose file upload is off: files of questions are ignored without a word. Uploading as such works in
         * every app. Without effect on completion apps, where it is off anyway, on the runs of workflows, which take any
         * file, and on files among the inputs of workflows and chatflows.
         *
         * @return this
         */
        public Builder withoutFiles() {
            files = false;
            return this;
        }

        /**
         * Refuses to read answers aloud and to listen. A workflow app does neither, a completion app only reads.
         *
         * @return this
         */
        public Builder withoutSpeech() {
            speech = false;
            return this;
        }

        /**
         * Writes frames as Dify did up to 1.8.0: blanks after commas and colons, everything in ASCII.
         *
         * @return this
         */
        public Builder asciiFrames() {
            asciiFrames = true;
            return this;
        }

        /**
         * Refuses to suggest further questions.
         *
         * @return this
         */
        public Builder withoutSuggestions() {
            suggestions = false;
            return this;
        }

        /**
         * Refuses simulated (not scripted) answers beyond so many at a time, with 400 {@code invalid_param} as Dify does.
         * As there, streamed runs of workflows and chatflows hold no place since 1.13.0, but find none if the limit is 1.
         *
         * @param answers 0 or more; default without limit
         * @return this
         */
        public Builder maxActiveRequests(int answers) {
            maxActive = answers;
            return this;
        }

        /**
         * Refuses those of {@link #maxActiveRequests} with 429 {@code too_many_requests}, as Dify documents it.
         *
         * @return this
         */
        public Builder limitAs429() {
            limitIs429 = true;
            return this;
        }

        /**
         * Behaves as this release: its endpoints, the order and the fields of its events, its way with mistakes.
         *
         * @param number {@code 1.0.0} or later, default {@code 1.16.0}; what is newer than that behaves like it
         * @return this
         * @throws IllegalArgumentException if it is not such a number
         */
        public Builder version(String number) {
            version = Version.parse(number);
            return this;
        }

        /**
         * Answers nothing unless this variable is among the inputs.
         *
         * @param variable its name; may be called several times
         * @return this
         */
        public Builder requiresInput(String variable) {
            requiredInputs.add(variable);
            return this;
        }

        /**
         * Lets workflows and chatflows pause with a form before they answer. It has the inputs {@code comment} and
         * {@code level} and the actions {@code approve} and {@code reject}.
         *
         * @return this
         */
        public Builder asksHuman() {
            asksHuman = true;
            return this;
        }

        /**
         * Lets workflows, too, go on after their form. Without this they are stopped right away, as on a real 1.16.0.
         *
         * @return this
         */
        public Builder resumesWorkflows() {
            resumesWorkflows = true;
            return this;
        }

        /**
         * Lets runs of workflows and chatflows fail after half of their text.
         *
         * @return this
         */
        public Builder failsRuns() {
            failsRuns = true;
            return this;
        }

        /**
         * Lets whoever leaves the events of a run break off the streams of all others who watch it, as a real server does.
         *
         * @return this
         */
        public Builder subscribersCollide() {
            subscribersCollide = true;
            return this;
        }

        /**
         * Listens from now on.
         *
         * @return to be closed
         * @throws UncheckedIOException if the port is taken
         * @throws IllegalArgumentException if a setting makes no sense
         */
        public DifySimulator start() {
            Behaviour behaviour = new Behaviour(
                    asksHuman, resumesWorkflows, failsRuns, limitIs429, subscribersCollide, requiredInputs);
            Settings settings = new Settings(
                    port,
                    key,
                    mode,
                    typing,
                    pingInterval,
                    keepAlive,
                    files,
                    speech,
                    asciiFrames,
                    suggestions,
                    maxActive,
                    version,
                    behaviour);
            try {
                return new DifySimulator(settings);
            } catch (IOException e) {
                throw new UncheckedIOException("The simulator cannot listen on port " + port, e);
            }
        }
    }
}
