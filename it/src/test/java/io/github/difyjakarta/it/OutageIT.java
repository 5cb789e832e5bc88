package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dify is down: who asks is told so at once, and is answered again soon after it is back. */
@ExtendWith(SharedServer.class)
class OutageIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.chat(
            "outage.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.mode",
                    "chat",
                    "dify.retry.attempts",
                    "1",
                    "dify.circuit-breaker.failures",
                    "4",
                    "dify.circuit-breaker.delay",
                    "2s",
                    "dify.apps",
                    "healthy",
                    "dify.apps.healthy.api-key",
                    DIFY.key() + "-other"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final PayaraServer server;

    OutageIT(PayaraServer server) {
        this.server = server;
    }

    private HostileDify.Answer ask(String app) {
        return HostileDify.ask(server, "outage", app, Answers.QUESTION);
    }

    @Test
    void answersAtOnceWhileDifyIsDownAndSoonAfterItIsBack() {
        for (int i = 0; i < 4; i++) {
            DIFY.next(
                    i % 2 == 0
                            ? Script.json(500, "{\"code\":\"internal_server_error\",\"message\":\"\"}")
                            : Answers.events("gone", 1, Duration.ZERO).cut());
            ask("default").assertLeaksNothing();
        }
        int before = DIFY.requests().size();
        long start = System.nanoTime();
        HostileDify.Answer refused = ask("default");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
        refused.assertFails(503, "upstream_unavailable");
        assertThat(refused.head().status()).isEqualTo(503);
        assertThat(refused.head().header("Retry-After")).isIn("1", "2");
        for (int i = 0; i < 20; i++) {
            ask("default").assertFails(503, "upstream_unavailable");
        }
        assertThat(DIFY.requests()).hasSize(before);
        ask("healthy").assertFails(502, "upstream_refused_key");

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(ask("default").body()).contains("message_end"));
        assertThat(ask("default").body()).contains("message_end");
        assertThat(server.output())
                .contains("Dify has failed 4 times in a row", "Dify answers again")
                .doesNotContain(DIFY.key());
    }
}
