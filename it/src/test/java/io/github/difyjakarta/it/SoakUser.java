package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One of the {@link SoakIT}'s users: asks, has the answer end in one way or another, and looks at every event. */
final class SoakUser {

    /** For how long a stream is kept without its browser. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final int EVENTS = 200;
    private static final Duration GAP = Duration.ofMillis(100);

    /** Longer than a user waits for the stop: a script that goes on for want of one is noticed. */
    private static final Duration NO_STOP = Duration.ofSeconds(90);

    private static final long STOPPED_WITHIN_SECONDS = 30;

    private final PayaraServer server;
    private final DifySimulator dify;
    private final String name;
    private final Random random;
    private final Tally tally;
    private int questions;

    /** How an answer ends. */
    enum Fate {
        WHOLE,
        WHOLE_BY_WEBSOCKET,
        BROWSER_CLOSES,
        BROWSER_RESETS,
        WEBSOCKET_LEAVES,
        CUT_BY_DIFY,
        REFUSED_BY_DIFY,
        STOPPED,
        RESUMED_TWICE,
        NEVER_RESUMED;

        boolean isStoppedAtDify() {
            return switch (this) {
                case BROWSER_CLOSES, BROWSER_RESETS, WEBSOCKET_LEAVES, STOPPED, NEVER_RESUMED -> true;
                case WHOLE, WHOLE_BY_WEBSOCKET, CUT_BY_DIFY, REFUSED_BY_DIFY, RESUMED_TWICE -> false;
            };
        }
    }

    /** What all users have seen. Thread-safe. */
    static final class Tally {
        private final Map<Fate, LongAdder> ended = new ConcurrentHashMap<>();
        private final LongAdder events = new LongAdder();
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger peak = new AtomicInteger();

        Map<Fate, Long> ended() {
            return ended.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().sum(), Long::sum, TreeMap::new));
        }

        /** {@return how many streams there were at once at most} */
        int peak() {
            return peak.get();
        }

        private void begins() {
            peak.accumulateAndGet(open.incrementAndGet(), Math::max);
        }

        private void ends(Fate fate) {
            open.decrementAndGet();
            ended.computeIfAbsent(fate, first -> new LongAdder()).increment();
        }

        @Override
        public String toString() {
            return ended() + ", " + events.sum() + " events, at most " + peak + " streams at once";
        }
    }

    SoakUser(PayaraServer server, DifySimulator dify, String name, Random random, Tally tally) {
        this.server = server;
        this.dify = dify;
        this.name = name;
        this.random = random;
        this.tally = tally;
    }

    /** Asks one question and follows its answer to its end; fails where an event is lost, doubled or out of order. */
    void ask() throws Exception {
        Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
        String task = name + "-" + questions++;
        CountDownLatch stopped = new CountDownLatch(1);
        Script script = script(task, fate, stopped);
        if (fate == Fate.WHOLE_BY_WEBSOCKET || fate == Fate.WEBSOCKET_LEAVES) {
            askBySocket(task, fate, script);
        } else {
            askByHttp(task, fate, script);
        }
        if (fate.isStoppedAtDify()) {
            assertThat(stopped.await(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS))
                    .as("%s of %s was stopped at Dify", fate, task)
                    .isTrue();
        }
        tally.ends(fate);
    }

    private Script script(String task, Fate fate, CountDownLatch stopped) {
        return switch (fate) {
            case WHOLE, WHOLE_BY_WEBSOCKET, RESUMED_TWICE -> Answers.whole(task, EVENTS, GAP);
            case CUT_BY_DIFY -> Answers.events(task, EVENTS / 2, GAP).cut();
            case REFUSED_BY_DIFY -> Script.json(400, "{\"code\":\"invalid_param\",\"message\":\"no\",\"status\":400}");
            case BROWSER_CLOSES, BROWSER_RESETS, WEBSOCKET_LEAVES, STOPPED, NEVER_RESUMED ->
                Answers.events(task, EVENTS / 2, GAP)
                        .awaitStop(NO_STOP)
                        .events(1, Duration.ZERO, number -> {
                            stopped.countDown();
                            return Answers.messageEnd(task);
                        })
                        .end();
        };
    }

    private void askByHttp(String task, Fate fate, Script script) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head;
            synchronized (dify) { // a script is taken by whoever asks next: one at a time until it is taken
                dify.next(script);
                boolean kept = fate == Fate.RESUMED_TWICE || fate == Fate.NEVER_RESUMED;
                browser.post(
                        "/soak/dify/default/chat-messages",
                        QUESTION,
                        HttpConnection.user(name),
                        "Dify-Resume: " + (kept ? "1" : "0"));
                head = browser.readHead();
            }
            tally.begins();
            assertThat(head.status()).as(task).isEqualTo(fate == Fate.REFUSED_BY_DIFY ? 400 : 200);
            if (fate == Fate.REFUSED_BY_DIFY) {
                assertThat(browser.readBody(head)).contains("invalid_param");
                return;
            }
            follow(task, fate, browser, head.header("Dify-Stream-Id"));
        }
    }

    private void follow(String task, Fate fate, HttpConnection browser, String stream) throws IOException {
        SseReader reader = new SseReader(browser);
        int some = 1 + random.nextInt(EVENTS / 3);
        switch (fate) {
            case WHOLE -> readToTheEnd(reader, task, 0, EVENTS);
            case BROWSER_CLOSES, NEVER_RESUMED -> readEvents(reader, task, 0, some);
            case BROWSER_RESETS -> {
                readEvents(reader, task, 0, some);
                browser.reset();
            }
            case CUT_BY_DIFY -> {
                readEvents(reader, task, 0, EVENTS / 2);
                assertThat(reader.next()).as(task).contains("\"error\"", "upstream_closed");
                assertThat(reader.next()).as(task).isNull();
            }
            case STOPPED -> {
                readEvents(reader, task, 0, some);
                stop(task);
                readUntilStopped(reader, task, some);
            }
            case RESUMED_TWICE -> {
                readEvents(reader, task, 0, some);
                browser.reset();
                int more = some + 1 + random.nextInt(EVENTS / 3);
                try (HttpConnection again = resume(stream, reader.lastId(), task)) {
                    reader = new SseReader(again);
                    readEvents(reader, task, some, more);
                    again.reset();
                }
                try (HttpConnection again = resume(stream, reader.lastId(), task)) {
                    readToTheEnd(new SseReader(again), task, more, EVENTS);
                }
            }
            case WHOLE_BY_WEBSOCKET, WEBSOCKET_LEAVES, REFUSED_BY_DIFY -> throw new AssertionError(fate);
        }
    }

    private HttpConnection resume(String stream, String lastId, String task) throws IOException {
        HttpConnection browser = new HttpConnection(server.port());
        browser.get("/soak/dify/default/streams/" + stream, HttpConnection.user(name), "Last-Event-ID: " + lastId);
        assertThat(browser.readHead().status()).as(task).isEqualTo(200);
        return browser;
    }

    private void readToTheEnd(SseReader reader, String task, int from, int until) throws IOException {
        readEvents(reader, task, from, until);
        assertThat(reader.next()).as(task).isEqualTo(Answers.messageEnd(task));
        assertThat(reader.next()).as(task).isNull();
    }

    private void readEvents(SseReader reader, String task, int from, int until) throws IOException {
        for (int number = from; number < until; number++) {
            assertThat(reader.next()).as("event %d of %s", number, task).isEqualTo(Answers.event(task, number));
            tally.events.increment();
        }
    }

    private void readUntilStopped(SseReader reader, String task, int from) throws IOException {
        int number = from;
        String data = reader.next();
        for (; !Answers.messageEnd(task).equals(data); data = reader.next()) {
            assertThat(data).as("event %d of %s", number, task).isEqualTo(Answers.event(task, number++));
            tally.events.increment();
        }
        assertThat(reader.next()).as(task).isNull();
    }

    private void stop(String task) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.post("/soak/dify/default/chat-messages/" + task + "/stop", "{}", HttpConnection.user(name));
            assertThat(browser.readHead().status()).as(task).isEqualTo(200);
        }
    }

    private void askBySocket(String task, Fate fate, Script script) throws InterruptedException {
        try (SocketClient socket = SocketClient.connect(server, "/soak/dify-ws/default", name)) {
            synchronized (dify) {
                dify.next(script);
                socket.ask("Where is my order?");
                socket.next("start");
            }
            tally.begins();
            int until = fate == Fate.WHOLE_BY_WEBSOCKET ? EVENTS : 1 + random.nextInt(EVENTS / 3);
            String wanted = IntStream.range(0, until)
                    .mapToObj(number -> "word " + number + " ")
                    .collect(Collectors.joining());
            StringBuilder text = new StringBuilder();
            while (text.length() < wanted.length()) {
                text.append(socket.next("chunk").path("content").asText());
                tally.events.increment();
            }
            assertThat(text.toString()).as(task).startsWith(wanted);
            if (fate == Fate.WHOLE_BY_WEBSOCKET) {
                assertThat(socket.next("done").path("full_answer").asText())
                        .as(task)
                        .isEqualTo(wanted);
            }
        }
    }
}
