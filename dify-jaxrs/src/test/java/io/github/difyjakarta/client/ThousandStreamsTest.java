package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many at once: threads do not grow with streams, and nothing is left. */
class ThousandStreamsTest extends ClientTest {
    private static final int STREAMS = 1000;
    private static final int WORDS = 20;

    @Test
    void allComeToTheirEndOnTheSameFewThreads() throws Exception {
        Duration patient = Duration.ofSeconds(60);
        DifyConfig wide = config().withLimits(new Limits(STREAMS, 1 << 20, 64 * 1024, 1 << 20))
                .withTimeouts(Timeouts.DEFAULTS.toBuilder().connect(patient).build());
        dify.always(Script.stream()
                .event(message("word "))
                .pause(Duration.ofSeconds(2))
                .events(WORDS - 1, Duration.ofMillis(50), i -> message("word "))
                .event(messageEnd()));
        DifyClient client = client(wide);
        int most = 1 + Math.min(4, Runtime.getRuntime().availableProcessors()) + 1; // timer, I/O, and who accepts it
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            answers.add(client.chat().askAsync(QUESTION));
        }
        dify.awaitOpenConnections(STREAMS, patient);
        assertThat(clientThreads()).as("while all are open").hasSizeLessThanOrEqualTo(most);
        for (CompletableFuture<Answer> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS).text()).isEqualTo("word ".repeat(WORDS));
        }
        assertThat(clientThreads()).hasSizeLessThanOrEqualTo(most);
        assertThat(posts()).hasSize(STREAMS);
        dify.awaitOpenConnections(0, patient);
        client.close();
        Eventually.holds("no thread is left", PATIENCE, () -> clientThreads().isEmpty());
    }

    private static List<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dify-"))
                .filter(thread -> !thread.getName().startsWith("dify-simulator"))
                .toList();
    }
}
