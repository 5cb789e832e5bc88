package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After streams that ended in every way the server is as it was before them. */
class NothingIsLeftIT {

    private static final int STREAMS = 300;
    private static final int CLIENTS = 12;
    private static final Duration DRAINED = Duration.ofSeconds(30);

    /** How a stream ends. */
    private enum End {
        COMPLETE,
        BROWSER_CLOSES,
        BROWSER_RESETS,
        UPSTREAM_CUT,
        REFUSED,
        STOPPED,
        RESUMED,
        NEVER_RESUMED
    }

    @Test
    @Timeout(180)
    void returnsToWhatItWasBeforeThreeHundredStreams() throws Exception {
        try (DifySimulator dify = DifySimulator.start();
                PayaraServer server = PayaraServer.start("left", Map.of())) {
            WebArchive war = Wars.chat(
                    "left.war",
                    Wars.with(
                            Wars.settings(dify),
                            "dify.relay.heartbeat",
                            "200ms",
                            "dify.relay.resume-grace",
                            "1s",
                            "dify.mode",
                            "chat",
                            "dify.retry.attempts",
                            "1"));
            server.deploy(war);
            run(server, dify, STREAMS / 3, "warm"); // fills the pools of server and client
            awaitQuiet(server, dify);
            ServerState before = ServerState.of(server);

            run(server, dify, STREAMS, "test");

            awaitQuiet(server, dify);
            await().atMost(DRAINED).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> ServerState.of(server)
                    .assertIsNoMoreThan(before));
            System.getLogger(NothingIsLeftIT.class.getName())
                    .log(System.Logger.Level.INFO, "before: {0}; after: {1}", before, ServerState.of(server));
        }
    }

    private static void run(PayaraServer server, DifySimulator dify, int streams, String name) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                String task = name + "-" + i;
                End end = End.values()[i % End.values().length];
                running.add(threads.submit(() -> {
                    stream(server, dify, task, end);
                    return null;
                }));
            }
            for (Future<?> stream : running) {
                stream.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void stream(PayaraServer server, DifySimulator dify, String task, End end) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head;
            synchronized (dify) { // a script is taken by whoever asks next: one at a time until it is taken
                dify.next(script(task, end));
                String kept = end == End.RESUMED || end == End.NEVER_RESUMED ? "1" : "0";
                browser.post(
                        "/left/dify/default/chat-messages",
                        QUESTION,
                        HttpConnection.user("ada"),
                        "Dify-Resume: " + kept);
                head = browser.readHead();
            }
            assertThat(head.status()).isEqualTo(end == End.REFUSED ? 400 : 200);
            switch (end) {
                case COMPLETE -> assertThat(browser.readBody(head)).contains("message_end");
                case UPSTREAM_CUT -> assertThat(browser.readBody(head)).contains("word 4", "upstream_closed");
                case REFUSED -> assertThat(browser.readBody(head)).contains("invalid_param");
                case BROWSER_CLOSES, NEVER_RESUMED -> browser.readChunkWith("word 4");
                case RESUMED -> {
                    browser.readChunkWith("word 4");
                    browser.reset();
                    resume(server, head.header("Dify-Stream-Id"));
                }
                case BROWSER_RESETS -> {
                    browser.readChunkWith("word 4");
                    browser.reset();
                }
                case STOPPED -> {
                    browser.readChunkWith("word 4");
                    stop(server, task);
                    assertThat(browser.readBody(head)).contains("message_end");
                }
            }
        }
    }

    private static Script script(String task, End end) {
        Script begun = Answers.events(task, 5, Duration.ofMillis(5));
        return switch (end) {
            case COMPLETE -> begun.event(Answers.messageEnd(task)).end();
            case RESUMED ->
                begun.pause(Duration.ofMillis(300))
                        .event(Answers.messageEnd(task))
                        .end();
            case UPSTREAM_CUT -> begun.cut();
            case REFUSED -> Script.json(400, "{\"code\":\"invalid_param\",\"message\":\"no\",\"status\":400}");
            case BROWSER_CLOSES, BROWSER_RESETS, STOPPED, NEVER_RESUMED ->
                begun.awaitStop(Duration.ofSeconds(20))
                        .event(Answers.messageEnd(task))
                        .end();
        };
    }

    private static void resume(PayaraServer server, String id) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.get("/left/dify/default/streams/" + id, HttpConnection.user("ada"), "Last-Event-ID: 5");
            assertThat(browser.readBody(browser.readHead())).contains("message_end");
        }
    }

    private static void stop(PayaraServer server, String task) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.post("/left/dify/default/chat-messages/" + task + "/stop", "{}", HttpConnection.user("ada"));
            assertThat(browser.readHead().status()).isEqualTo(200);
        }
    }

    private static void awaitQuiet(PayaraServer server, DifySimulator dify) {
        dify.awaitOpenConnections(0, DRAINED);
        await().atMost(DRAINED).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> assertThat(
                        server.descriptors())
                .filteredOn(descriptor -> descriptor.startsWith("socket:"))
                .hasSizeLessThan(10));
    }
}
