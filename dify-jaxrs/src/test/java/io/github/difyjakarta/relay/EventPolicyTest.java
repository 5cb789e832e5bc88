package io.github.difyjakarta.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPolicyTest {
    private static final String END = "{\"event\":\"message_end\",\"conversation_id\":\"c\",\"message_id\":\"m\","
            + "\"task_id\":\"t\",\"metadata\":{\"usage\":{\"total_tokens\":7,\"total_price\":\"0.10\",\"latency\":1.250},"
            + "\"retriever_resources\":[{\"content\":\"secret\"}],\"reasoning\":{\"n\":\"thought\"}},\"files\":[]}";

    private static DifyFrame frame(String json) {
        return DifyFrame.of(json.getBytes(UTF_8));
    }

    private static String shown(EventPolicy policy, String json) {
        DifyFrame shown = policy.shown(frame(json));
        return shown == null ? "" : shown.json();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "message",
                "agent_message",
                "message_replace",
                "message_file",
                "message_end",
                "text_chunk",
                "text_replace",
                "tts_message",
                "error",
                "ping",
                "workflow_started",
                "workflow_finished",
                "workflow_paused",
                "human_input_required",
                "something_new"
            })
    void passesByDefaultWhatIsTheAnswerOrUnknown(String event) {
        assertThat(EventPolicy.DEFAULT.passes(event)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node_started", "node_finished", "node_retry", "iteration_next", "loop_completed",
                "parallel_branch_started", "datasource_completed", "agent_thought", "agent_log", "reasoning_chunk",
                "node_of_a_newer_release", "agent_of_a_newer_release", "tool_call", "retriever_hit"
            })
    void keepsBackByDefaultWhatIsBehindTheAnswer(String event) {
        assertThat(EventPolicy.DEFAULT.passes(event)).isFalse();
        assertThat(EventPolicy.ALL.passes(event)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "steps, node_finished, true",
        "steps, agent_log, false",
        "steps, something_new, false",
        "thoughts, agent_thought, true",
        "thoughts, node_started, false",
        "node_started, node_started, true",
        "node_started, node_finished, false",
        "sources, message, true",
        "other, something_new, true",
        "all, node_finished, true"
    })
    void passesWhatIsListedAndTheAnswerAlways(String list, String event, boolean passes) {
        EventPolicy policy = EventPolicy.of(List.of(list));
        assertThat(policy.passes(event)).isEqualTo(passes);
        assertThat(policy.passes("message")).isTrue();
        assertThat(policy.passes("error")).isTrue();
    }

    @Test
    void aCallerSeesWhatAnyRoleAllows() {
        EventPolicy both = EventPolicy.of(List.of("steps")).or(EventPolicy.of(List.of("agent_log")));
        assertThat(both.passes("node_started")).isTrue();
        assertThat(both.passes("agent_log")).isTrue();
        assertThat(both.passes("agent_thought")).isFalse();
    }

    @Test
    void namesWhatIsNoEvent() {
        assertThatThrownBy(() -> EventPolicy.of(List.of("answer", "thougths")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps, thoughts, sources")
                .hasMessageContaining("\"thougths\"");
    }

    @Test
    void takesSourcesAndThoughtsOutOfTheEndOfAnAnswer() {
        assertThat(shown(EventPolicy.DEFAULT, END))
                .isEqualTo(
                        "{\"event\":\"message_end\",\"conversation_id\":\"c\",\"message_id\":\"m\",\"task_id\":\"t\","
                                + "\"metadata\":{\"usage\":{\"total_tokens\":7,\"total_price\":\"0.10\",\"latency\":1.250}},"
                                + "\"files\":[]}");
        assertThat(shown(EventPolicy.of(List.of("sources")), END))
                .contains("secret")
                .doesNotContain("thought");
        assertThat(shown(EventPolicy.of(List.of("thoughts")), END))
                .contains("thought")
                .doesNotContain("secret");
    }

    @Test
    void leavesEveryByteOfAnEndThatHidesNothing() {
        String end =
                "{\"event\": \"message_end\", \"task_id\": \"t\", \"metadata\": {\"retriever_resources\": [], \"x\":"
                        + " 1.0}}";
        assertThat(shown(EventPolicy.DEFAULT, end)).isEqualTo(end);
        assertThat(shown(EventPolicy.ALL, END)).isEqualTo(END);
    }

    @Test
    void anEndThatCannotBeReadIsStillAnEndButShowsNothing() {
        String broken = END.substring(0, END.length() - 1);
        assertThat(shown(EventPolicy.DEFAULT, broken))
                .isEqualTo(
                        "{\"event\":\"message_end\",\"conversation_id\":\"c\",\"message_id\":\"m\",\"task_id\":\"t\"}");
    }

    @Test
    void hidesTheSameInTheHistory() {
        DifyJson page = DifyJson.parse("{\"limit\":20,\"has_more\":false,\"data\":[{\"id\":\"m\",\"answer\":\"a\","
                + "\"retriever_resources\":[{\"content\":\"secret\"}],\"agent_thoughts\":[{\"thought\":\"hm\"}]},"
                + "{\"id\":\"n\",\"retriever_resources\":[],\"agent_thoughts\":[]}]}");
        assertThat(EventPolicy.DEFAULT.page(page).json())
                .isEqualTo("{\"limit\":20,\"has_more\":false,\"data\":[{\"id\":\"m\",\"answer\":\"a\"},"
                        + "{\"id\":\"n\",\"retriever_resources\":[],\"agent_thoughts\":[]}]}");
        assertThat(EventPolicy.ALL.page(page)).isSameAs(page);
    }
}
