package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Wire.Response;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CompletionTest {

    private static final String ID = "11111111-2222-4333-8444-555555555555";

    @Test
    void streamsAndBlocksWithoutAConversation() throws Exception {
        try (DifySimulator dify = completion().start()) {
            Recorded.assertSameStream(
                    "completion-streaming-basic", Recorded.again(dify, "completion-streaming-basic", ID));
            Response blocking = Recorded.again(dify, "completion-blocking-basic", ID);
            Recorded.assertAlike("completion-blocking-basic", blocking);
            // The clerk answers the only text there is.
            assertThat(blocking.body()).contains("tea");
        }
    }

    @Test
    void refusesInputsWithoutARequiredOne() throws Exception {
        try (DifySimulator dify = completion().requiresInput("topic").start()) {
            Recorded.assertSame("completion-missing-input", Recorded.again(dify, "completion-missing-input", ID));
            assertThat(Recorded.again(dify, "completion-blocking-basic", ID).status())
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void stopsForItsUserAlone() throws Exception {
        try (DifySimulator dify = completion().typing(Duration.ofMillis(40)).start();
                Wire wire = new Wire(dify.url())) {
            wire.send(Wire.request(dify, "POST", "/completion-messages", Wire.question("Hello?", "streaming")));
            wire.head();
            String task = Shape.text(wire.chunk().substring("data: ".length()), "task_id");
            String stop = "/completion-messages/" + task + "/stop";
            assertThat(Wire.post(dify, stop, "{\"user\":\"someone-else\"}").body())
                    .isEqualTo("{\"result\": \"success\"}\n");
            assertThat(wire.chunk()).contains("\"event\":\"message\"");
            Wire.post(dify, stop, "{\"user\":\"u1\"}");
            String last = wire.chunk();
            while (last.contains("\"event\":\"message\"")) {
                last = wire.chunk();
            }
            assertThat(last).contains("message_end", "\"total_price\":\"0E-7\"").doesNotContain("conversation_id");
            assertThat(wire.chunk()).isEmpty();
        }
    }

    @Test
    void refusesToStopWhereThereAreNoCompletions() throws Exception {
        try (DifySimulator dify = DifySimulator.start()) {
            assertThat(Wire.post(dify, "/completion-messages/x/stop", "{\"user\":\"u1\"}")
                            .body())
                    .contains("app_unavailable");
        }
    }

    @Test
    void playsScriptsWhereItsModeGenerates() throws Exception {
        try (DifySimulator dify = completion().start()) {
            dify.next(Script.json(429, "{}"));
            assertThat(Recorded.again(dify, "completion-blocking-basic", ID).status())
                    .isEqualTo("HTTP/1.1 429 TOO MANY REQUESTS");
        }
    }

    private static DifySimulatorBuilder completion() {
        return DifySimulator.builder().key("app-REDACTED").mode("completion");
    }
}
