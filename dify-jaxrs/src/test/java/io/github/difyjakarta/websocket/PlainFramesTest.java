package io.github.difyjakarta.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.relay.RelayError;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainFramesTest {
    private static final String IDS = "\"conversation_id\":\"c-1\",\"message_id\":\"m-1\",\"task_id\":\"t-1\"";

    private final PlainFrames frames = new PlainFrames();
    private final List<String> said = new ArrayList<>();

    private void event(String json) {
        take(frames.event(DifyFrame.of(json.getBytes(UTF_8))));
    }

    private void end() {
        take(frames.end());
    }

    private void take(List<Outgoing> outgoing) {
        for (Outgoing next : outgoing) {
            said.add(text(next));
        }
    }

    private static String text(Outgoing next) {
        return (next instanceof Outgoing.Chunk piece ? piece.toText() : (Outgoing.Text) next).json();
    }

    @Test
    void anAnswerIsAStartItsPiecesAndAnEndThatHasItAll() {
        event("{\"event\":\"message\"," + IDS + ",\"answer\":\"Good \"}");
        event("{\"event\":\"message\"," + IDS + ",\"answer\":\"day\"}");
        event("{\"event\":\"message_end\"," + IDS + ",\"metadata\":{\"usage\":{\"total_tokens\":7}}}");
        end();
        assertThat(said)
                .containsExactly(
                        "{\"type\":\"start\",\"task_id\":\"t-1\",\"conversation_id\":\"c-1\",\"message_id\":\"m-1\"}",
                        "{\"type\":\"chunk\",\"content\":\"Good \"}",
                        "{\"type\":\"chunk\",\"content\":\"day\"}",
                        "{\"type\":\"done\",\"full_answer\":\"Good day\",\"conversation_id\":\"c-1\","
                                + "\"message_id\":\"m-1\",\"usage\":{\"total_tokens\":7}}");
        assertThat(frames.conversation()).contains("c-1");
    }

    @Test
    void moderationReplacesTheTextSoFar() {
        event("{\"event\":\"message\"," + IDS + ",\"answer\":\"bad\"}");
        event("{\"event\":\"message_replace\"," + IDS + ",\"answer\":\"good\",\"reason\":\"output_moderation\"}");
        event("{\"event\":\"message_end\"," + IDS + ",\"metadata\":{}}");
        end();
        assertThat(said.get(2)).isEqualTo("{\"type\":\"replace\",\"content\":\"good\"}");
        assertThat(said.get(3)).contains("\"full_answer\":\"good\"");
    }

    @Test
    void nothingElseIsSaidOfStepsThoughtsAndFiles() {
        event("{\"event\":\"workflow_started\"," + IDS + ",\"data\":{}}");
        event("{\"event\":\"node_started\"," + IDS + ",\"data\":{\"broken\":");
        event("{\"event\":\"agent_thought\"," + IDS + ",\"id\":\"a\",\"thought\":\"secret\"}");
        event("{\"event\":\"tts_message\"," + IDS + ",\"audio\":\"AAAA\"}");
        event("{\"event\":\"brand_new\"," + IDS + "}");
        assertThat(said).singleElement().asString().contains("start");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat_basic",
                "chat_old_encoding",
                "chat_annotation",
                "chat_moderation_replace",
                "chat_message_file_as_text",
                "chat_tts",
                "agent_chat",
                "new_agent_1_16",
                "chatflow_success_1_13_plus",
                "chatflow_success_1_12",
                "chatflow_stopped"
            })
    void whoAppendsAndReplacesHasTheSameTextAsTheClient(String golden) throws IOException {
        AnswerCollector collector = new AnswerCollector();
        for (DifyFrame frame : golden(golden)) {
            take(frames.event(frame));
            collector.accept(frame.toEvent());
        }
        end();
        StringBuilder shown = new StringBuilder();
        for (String json : said) {
            JsonNode frame = parse(json);
            switch (frame.path("type").textValue()) {
                case "chunk" -> shown.append(frame.path("content").textValue());
                case "replace" ->
                    shown.replace(0, shown.length(), frame.path("content").textValue());
                default -> {
                    // no text
                }
            }
        }
        String whole = collector.answer(new Outcome.Completed()).text();
        assertThat(shown).hasToString(whole);
        JsonNode done = parse(said.get(said.size() - 1));
        assertThat(done.path("type").textValue()).isEqualTo("done");
        assertThat(done.path("full_answer").textValue()).isEqualTo(whole);
        assertThat(done.path("conversation_id").textValue()).isNotEmpty();
    }

    @Test
    void anAgentThatRepeatsItselfIsNotHeardTwice() throws IOException {
        for (DifyFrame frame : golden("new_agent_1_16")) {
            take(frames.event(frame));
        }
        end();
        assertThat(said).noneMatch(json -> json.contains("\"replace\""));
    }

    @Test
    void aRunThatWaitsForAHumanIsDoneForNow() throws IOException {
        for (DifyFrame frame : golden("chatflow_paused")) {
            take(frames.event(frame));
        }
        end();
        assertThat(said.get(said.size() - 1)).contains("\"type\":\"done\"").endsWith("\"paused\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat_error_midstream", "chatflow_failed"})
    void anAnswerThatFailedIsAnErrorAndNoConversationToGoOnWith(String golden) throws IOException {
        for (DifyFrame frame : golden(golden)) {
            take(frames.event(frame));
        }
        end();
        assertThat(said.get(said.size() - 1)).startsWith("{\"type\":\"error\",\"status\":");
        assertThat(said).noneMatch(json -> json.contains("\"done\""));
        assertThat(frames.conversation()).isEmpty();
    }

    @Test
    void anErrorSaysWhenToTryAgain() {
        assertThat(text(frames.error(
                        new RelayError(429, "quota_exceeded", "Slow.", true, Optional.of(Duration.ofSeconds(3))))))
                .isEqualTo("{\"type\":\"error\",\"status\":429,\"code\":\"quota_exceeded\",\"message\":\"Slow.\","
                        + "\"retryable\":true,\"retry_after\":3}");
    }

    @Test
    void halfACharacterIsPassedOnAsWhatItIs() throws JsonProcessingException {
        event("{\"event\":\"message\"," + IDS + ",\"answer\":\"\\ud83d\"}");
        event("{\"event\":\"message\"," + IDS + ",\"answer\":\"\\ude00 \u00e9\"}");
        assertThat(said.get(1)).isEqualTo("{\"type\":\"chunk\",\"content\":\"\\uD83D\"}");
        String both = parse(said.get(1)).path("content").textValue()
                + parse(said.get(2)).path("content").textValue();
        assertThat(both).isEqualTo("\ud83d\ude00 \u00e9");
    }

    @Test
    void takesAnAnswerUpToItsLimitAndNotACharacterMore() {
        PlainFrames limited = new PlainFrames(5);
        assertThat(limited.event(
                        DifyFrame.of(("{\"event\":\"message\"," + IDS + ",\"answer\":\"12345\"}").getBytes(UTF_8))))
                .hasSize(2);
        DifyFrame more = DifyFrame.of(("{\"event\":\"message\"," + IDS + ",\"answer\":\"6\"}").getBytes(UTF_8));
        assertThatThrownBy(() -> limited.event(more))
                .isInstanceOfSatisfying(DifyStreamException.class, e -> assertThat(e.code())
                        .isEqualTo(DifyStreamException.EVENT_TOO_LARGE));
    }

    private static JsonNode parse(String json) throws JsonProcessingException {
        return new JsonMapper().readTree(json);
    }

    private static List<DifyFrame> golden(String name) throws IOException {
        try (InputStream stream = PlainFramesTest.class.getResourceAsStream("/golden/" + name + ".sse")) {
            return new String(stream.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: {"))
                    .map(line -> DifyFrame.of(line.substring("data: ".length()).getBytes(UTF_8)))
                    .toList();
        }
    }
}
