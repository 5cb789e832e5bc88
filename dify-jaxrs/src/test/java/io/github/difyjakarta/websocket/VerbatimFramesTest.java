package io.github.difyjakarta.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.relay.RelayError;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerbatimFramesTest {
    private static final String STEP =
            "{ \"event\": \"node_started\", \"task_id\": \"t\", \"new\": [1.50, \"\u00e9\"] }";
    private static final String END = "{\"event\":\"message_end\",\"conversation_id\":\"c-1\",\"task_id\":\"t\"}";

    private final VerbatimFrames frames = new VerbatimFrames();

    private List<Outgoing> event(String json) {
        return frames.event(DifyFrame.of(json.getBytes(UTF_8)));
    }

    @Test
    void passesEveryEventOnAsItCameAndSaysNothingMore() {
        assertThat(event(STEP)).containsExactly(new Outgoing.Text(STEP, STEP.getBytes(UTF_8).length));
        assertThat(event(END)).containsExactly(new Outgoing.Text(END));
        assertThat(frames.end()).isEmpty();
    }

    @Test
    void goesOnInTheConversationOfAnAnswerThatCameToItsEnd() {
        event(STEP);
        assertThat(frames.conversation()).isEmpty();
        event(END);
        assertThat(frames.conversation()).contains("c-1");
    }

    @Test
    void anErrorOfOursHasTheShapeOfDifys() {
        assertThat(frames.error(RelayError.of(502, "upstream_closed", "Broken.")))
                .isEqualTo(new Outgoing.Text("{\"event\":\"error\",\"status\":502,\"code\":\"upstream_closed\","
                        + "\"message\":\"Broken.\",\"retryable\":false}"));
    }
}
