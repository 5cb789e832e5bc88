package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.it.host.News;
import io.github.difyjakarta.it.host.ScanningApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of the event streams that the host application had before, written by the server's own JAX-RS. */
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostStreamsIT {

    private static final int EVENT = 256 * 1024;

    /** More than the kernel takes for a reader that stops, 40 MiB; and fewer than 256, which Jersey's broadcaster queues. */
    private static final int EVENTS = 160;

    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final PayaraServer server;
    private final WebArchive on = news("news.war", Map.of());
    private final WebArchive off = news("news-off.war", Map.of("dify.streaming.non-blocking", "false"));

    HostStreamsIT(PayaraServer server) {
        this.server = server;
    }

    private static WebArchive news(String name, Map<String, String> settings) {
        return Wars.plain(name, settings).addClasses(ScanningApi.class, News.class);
    }

    @BeforeAll
    void deploy() {
        server.deploy(on);
        server.deploy(off);
    }

    @AfterAll
    void undeploy() {
        server.undeploy(on);
        server.undeploy(off);
    }

    /** A connection whose stream has begun. */
    private HttpConnection listener(String war) throws IOException {
        HttpConnection listener = new HttpConnection(server.port()).get("/" + war + "/api/news");
        HttpConnection.Head head = listener.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(listener.readChunkWith("welcome").isLast()).isFalse();
        return listener;
    }

    private String publish(String war, int from, int to) throws IOException {
        String query = "?from=" + from + "&to=" + to + "&size=" + EVENT;
        try (HttpConnection publisher = new HttpConnection(server.port())) {
            return publisher.readBody(
                    publisher.get("/" + war + "/api/news/publish" + query).readHead());
        }
    }

    /** Reads the frame of one event, and nothing of the next. */
    private static String readEvent(HttpConnection listener) throws IOException {
        StringBuilder event = new StringBuilder();
        while (event.indexOf("\n\n") < 0) {
            HttpConnection.Chunk chunk = listener.readChunk();
            assertThat(chunk.isLast()).as("the end").isFalse();
            event.append(chunk.text());
        }
        return event.toString();
    }

    @Test
    void broadcastsToTheReaderWhileAnotherDoesNotRead() throws IOException {
        try (HttpConnection reader = listener("news");
                HttpConnection stuck = listener("news")) {
            for (int i = 0; i < EVENTS; i++) {
                long before = System.nanoTime();
                assertThat(publish("news", i, i + 1)).isEqualTo(Integer.toString(i + 1));
                assertThat(readEvent(reader)).contains("id: " + i + "\n").hasSizeGreaterThan(EVENT);
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .as("event %d", i)
                        .isLessThan(AT_ONCE);
            }
            assertThatThrownBy(() -> readToTheEnd(stuck))
                    .as("cut off")
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void readToTheEnd(HttpConnection connection) throws IOException {
        while (!connection.readChunk().isLast()) {
            // what has come before it was cut off
        }
    }

    /** Where it is switched off this is the server's affair, which now and then does not hold. */
    @Test
    void carriesAnOrdinaryStreamWholeAndInOrder() throws IOException {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            events.append("id: ").append(i).append("\ndata: xxxx\n\n");
        }
        try (HttpConnection connection = new HttpConnection(server.port())) {
            for (int i = 0; i < 30; i++) {
                HttpConnection.Head head =
                        connection.get("/news/api/news/archive?to=1000").readHead();
                assertThat(head.status()).isEqualTo(200);
                assertThat(connection.readBody(head)).isEqualTo(events.toString());
            }
        }
    }

    @Test
    void leavesASlowReaderToTheServerWhereItIsSwitchedOff() throws Exception {
        try (HttpConnection slow = listener("news-off")) {
            CompletableFuture<String> published = CompletableFuture.supplyAsync(() -> {
                try {
                    return publish("news-off", 0, EVENTS);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            // Far more waits than our buffer would hold, in the server or in the thread that sends.
            assertThat(slow.readChunkWith("id: " + (EVENTS - 1) + "\n").isLast())
                    .isFalse();
            assertThat(published.get(20, TimeUnit.SECONDS)).isEqualTo(Integer.toString(EVENTS));
        }
    }
}
