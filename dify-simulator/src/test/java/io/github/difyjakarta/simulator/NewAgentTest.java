package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.simulator.Wire.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewAgentTest {

    @Test
    void saysItsAnswerInPiecesAndThenOnceMoreAsAWhole() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().mode("agent").start()) {
            List<String> events = ask(dify, "streaming").events();
            StringBuilder pieces = new StringBuilder();
            events.stream()
                    .filter(event -> Shape.text(event, "event").equals("agent_message"))
                    .forEach(event -> pieces.append(Shape.text(event, "answer")));
            String whole = events.get(events.size() - 2);
            assertThat(Shape.text(whole, "event")).isEqualTo("message");
            assertThat(Shape.text(whole, "answer")).isEqualTo(pieces.toString()).startsWith("Thank you");
            assertThat(Shape.text(events.get(events.size() - 1), "event")).isEqualTo("message_end");
        }
    }

    @Test
    void saidItOnceOn115() throws Exception {
        try (DifySimulator dify =
                DifySimulator.builder().mode("agent").version("1.15.0").start()) {
            assertThat(ask(dify, "streaming").body()).doesNotContain("agent_message");
        }
    }

    @Test
    void streamsUnlessToldToBlockAndThenRefuses() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().mode("agent").start()) {
            Response unsaid = Wire.post(dify, "/chat-messages", "{\"inputs\":{},\"query\":\"Hi\",\"user\":\"u1\"}");
            assertThat(unsaid.body()).contains("message_end");
            assertThat(ask(dify, "blocking").body())
                    .isEqualTo("{\"code\": \"bad_request\", \"message\":"
                            + " \"Agent App only supports streaming response mode.\", \"status\": 400}\n");
        }
    }

    @Test
    void isUnknownBefore115() {
        DifySimulatorBuilder early = DifySimulator.builder().mode("agent").version("1.14.2");
        assertThatThrownBy(early::start).isInstanceOf(IllegalArgumentException.class);
    }

    private static Response ask(DifySimulator dify, String mode) throws Exception {
        return Wire.post(dify, "/chat-messages", Wire.question("Where is 4711?", mode));
    }
}
