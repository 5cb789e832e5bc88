package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What requests cost that wait for Dify. */
class EndpointThreadsIT {

    private static final int THREADS = 4;
    private static final int WAITING = 10 * THREADS;
    private static final Duration THINKING = Duration.ofSeconds(10);

    @Test
    @Timeout(180)
    void holdNoThreadWhileDifyThinks() throws IOException {
        List<HttpConnection> waiting = new ArrayList<>();
        try (DifySimulator dify = DifySimulator.start();
                PayaraServer server = PayaraServer.start("threads", Map.of(), "--maxhttpthreads", "" + THREADS)) {
            server.deploy(Wars.chat("threads.war", Wars.settings(dify)));
            Front ada = Front.of(server, "threads", "default", "ada");
            assertThat(ada.get("info").status()).isEqualTo(200); // the first one is slow
            for (int i = 0; i < WAITING; i++) {
                dify.nextAt(
                        "GET", "/meta", Script.json(200, "{\"tool_icons\":{}}").headAfter(THINKING));
                waiting.add(new HttpConnection(server.port()).send("GET", ada.app() + "meta", ada.headers()));
            }
            dify.awaitRequest(request -> asked(dify) == WAITING, THINKING.minusSeconds(1));
            long asked = System.nanoTime();

            assertThat(ada.get("info").status()).isEqualTo(200);

            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
            for (HttpConnection browser : waiting) {
                assertThat(browser.readBody(browser.readHead())).isEqualTo("{\"tool_icons\":{}}");
            }
        } finally {
            for (HttpConnection browser : waiting) {
                browser.close();
            }
        }
    }

    private static long asked(DifySimulator dify) {
        return dify.requests().stream()
                .filter(request -> request.path().equals("/meta"))
                .count();
    }
}
