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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Browsers that stop reading cost a bounded memory each, hold up nobody, and are ended. */
class SlowReaderIT {

    private static final int STUCK = 16;
    private static final int EVENTS = 1_500;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(15);
    private static final String LONG_TEXT = "a long answer, ".repeat(2_200);

    /**
     * Of one stuck stream: 256 KiB from Dify, 64 KiB towards the browser, an event on either side of each bound, and what the
     * server keeps of any stream.
     */
    private static final long BOUND = (256 + 64 + 4 * 33 + 60) * 1024;

    private static final DifySimulator DIFY = DifySimulator.start();
    private static final WebArchive WAR = Wars.chat(
            "slow.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.mode",
                    "chat",
                    "dify.relay.write-timeout",
                    WRITE_TIMEOUT.toSeconds() + "s"));

    private final AtomicIntegerArray sent = new AtomicIntegerArray(STUCK);

    @Test
    @Timeout(180)
    void aBrowserThatStopsReadingCostsABoundedMemoryAndHoldsUpNobody() throws Exception {
        List<HttpConnection> stuck = new ArrayList<>();
        try (DIFY;
                PayaraServer server = PayaraServer.start("slow", Map.of())) {
            server.deploy(WAR);
            readWhole(server, "before");
            long before = server.histogram().bytes();

            for (int i = 0; i < STUCK; i++) {
                stuck.add(askAndReadNoFurther(server, i));
            }
            awaitHeldBack();
            for (int i = 0; i < STUCK; i++) {
                assertThat(sent.get(i))
                        .as("events sent to the stuck reader %d", i)
                        .isLessThan(EVENTS);
            }
            readWhole(server, "beside");
            assertThat((server.histogram().bytes() - before) / STUCK)
                    .as("bytes for each stuck reader")
                    .isLessThan(BOUND);
            for (int i = 0; i < STUCK; i++) {
                String stop = "/chat-messages/stuck-" + i + "/stop";
                DIFY.awaitRequest(request -> request.path().equals(stop), WRITE_TIMEOUT.multipliedBy(2));
            }
        } finally {
            for (HttpConnection browser : stuck) {
                browser.close();
            }
        }
    }

    /** Nothing was sent for a second. */
    private void awaitHeldBack() {
        AtomicReference<String> last = new AtomicReference<>("");
        await("all are held back")
                .pollInterval(Duration.ofSeconds(1))
                .atMost(WRITE_TIMEOUT.minusSeconds(3))
                .until(() -> last.getAndSet(sent.toString()).equals(sent.toString()));
    }

    private HttpConnection askAndReadNoFurther(PayaraServer server, int number) throws IOException {
        String task = "stuck-" + number;
        String event = Answers.event(task, 0).replace("word 0", LONG_TEXT);
        DIFY.next(Script.stream().events(EVENTS, Duration.ZERO, count -> {
            sent.set(number, count);
            return event;
        }));
        HttpConnection browser = ask(server, task);
        assertThat(browser.readHead().status()).isEqualTo(200);
        return browser;
    }

    private static void readWhole(PayaraServer server, String user) throws Exception {
        DIFY.next(Answers.whole(user, 50, Duration.ofMillis(10)));
        long asked = System.nanoTime();
        try (HttpConnection browser = ask(server, user)) {
            HttpConnection.Head head = browser.readHead();
            assertThat(Answers.data(browser.readBody(head))).hasSize(51);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked))
                .as("ms for an answer of half a second")
                .isLessThan(5_000);
    }

    private static HttpConnection ask(PayaraServer server, String user) throws IOException {
        return new HttpConnection(server.port())
                .post("/slow/dify/default/chat-messages", QUESTION, HttpConnection.user(user));
    }
}
