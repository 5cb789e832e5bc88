package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Arrival, head and completeness of streams on a server that is told to compress everything. */
@ArquillianTest
class StreamingIT {

    private static final DifySimulator DIFY = DifySimulator.start();
    private static final String CHAT = "/streaming/dify/default/chat-messages";
    private static final String ADA = HttpConnection.user("ada");
    private static final String GZIP = "Accept-Encoding: gzip";

    @ArquillianResource
    @SuppressWarnings("NullAway.Init") // injected
    private URL url;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.chat("streaming.war", Wars.with(Wars.settings(DIFY), "dify.relay.heartbeat", "500ms"));
    }

    @AfterAll
    static void endSimulator() {
        DIFY.close();
    }

    @Test
    void passesEachEventOnBeforeTheNextIsSent() throws IOException {
        Arrival arrival = new Arrival(200, Duration.ofMillis(50));
        DIFY.next(arrival.script("arrival"));

        try (HttpConnection browser = connect()) {
            browser.post(CHAT, QUESTION, ADA, GZIP);
            assertThat(browser.readHead().status()).isEqualTo(200);
            arrival.measure(browser);
        }

        arrival.assertThatEventsArriveOneByOneInTime();
    }

    @Test
    void sendsTheHeadThatProxiesNeedToPassAStreamOn() throws IOException {
        DIFY.next(Answers.whole("head", 1, Duration.ZERO));

        try (HttpConnection browser = connect()) {
            HttpConnection.Head head = browser.post(CHAT, QUESTION, ADA, GZIP).readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualToIgnoringCase("text/event-stream;charset=utf-8");
            assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(head.header("Cache-Control")).isEqualTo("no-cache, no-transform");
            assertThat(head.headers()).doesNotContainKey("Content-Length");
            assertThat(head.header("Content-Encoding")).isIn("", "identity");
            assertThat(browser.readBody(head)).contains("message_end");
        }
    }

    @Test
    void compressesWhatIsNoStreamSoThatTheTestAboveMeansSomething() throws IOException {
        try (HttpConnection browser = connect()) {
            HttpConnection.Head head = browser.get("/streaming/", GZIP).readHead();

            assertThat(head.header("Content-Encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void sendsAFirstByteWithinASecondWhileDifyThinks() throws IOException {
        DIFY.next(Script.stream()
                .headAfter(Duration.ofSeconds(5))
                .event(Answers.event("thinking", 0))
                .event(Answers.messageEnd("thinking")));

        try (HttpConnection browser = connect()) {
            long asked = System.nanoTime();
            HttpConnection.Head head = browser.post(CHAT, QUESTION, ADA).readHead();
            HttpConnection.Chunk first = browser.readChunk();

            assertThat(Duration.ofNanos(first.at() - asked)).isLessThan(Duration.ofSeconds(1));
            assertThat(first.text()).matches("(event: ping\n\n)+");
            assertThat(Answers.data(browser.readBody(head)))
                    .containsExactly(Answers.event("thinking", 0), Answers.messageEnd("thinking"));
        }
    }

    @Test
    void keepsAliveByDifysOwnPingUnlessAskedForComments() throws IOException {
        assertThat(silence()).contains("event: ping\n\n").doesNotContain(": keep-alive");
        assertThat(silence("Dify-Resume: 1")).contains(": keep-alive\n\n").doesNotContain("event: ping");
    }

    private String silence(String... headers) throws IOException {
        DIFY.next(Script.stream()
                .event(Answers.event("silence", 0))
                .pause(Duration.ofMillis(1_700))
                .event(Answers.messageEnd("silence")));
        List<String> all = new ArrayList<>(List.of(headers));
        all.add(ADA);
        try (HttpConnection browser = connect()) {
            HttpConnection.Head head =
                    browser.post(CHAT, QUESTION, all.toArray(String[]::new)).readHead();
            return browser.readBody(head);
        }
    }

    @Test
    void neverLosesAnEventOrTheEndOfAFastStream() throws Exception {
        int clients = 4;
        int streams = 250;
        DIFY.always(Answers.whole("fast", 200, Duration.ZERO));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            expected.add(Answers.event("fast", i));
        }
        expected.add(Answers.messageEnd("fast"));

        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(() -> {
                    askOverAndOver(streams, expected);
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get(3, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void askOverAndOver(int streams, List<String> expected) throws IOException {
        HttpConnection browser = connect();
        try {
            for (int i = 0; i < streams; i++) {
                HttpConnection.Head head = browser.post(CHAT, QUESTION, ADA).readHead();
                assertThat(head.status()).isEqualTo(200);
                assertThat(Answers.data(browser.readBody(head)))
                        .as("stream %s", i)
                        .isEqualTo(expected);
                if (head.isLast()) { // a server ends kept-alive connections after some hundred requests
                    browser.close();
                    browser = connect();
                }
            }
        } finally {
            browser.close();
        }
    }

    private HttpConnection connect() throws IOException {
        return new HttpConnection(url.getPort());
    }
}
