package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.app.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app says about itself, in each mode. */
class AppPagesTest {

    @ParameterizedTest
    @CsvSource({
        "chat,parameters-chat",
        "chat,meta",
        "chat,site",
        "agent-chat,parameters-chat",
        "agent,parameters-chat",
        "agent-chat,meta-agent",
        "advanced-chat,parameters-chatflow",
        "completion,parameters-completion",
        "workflow,parameters-workflow"
    })
    void looksAsRecorded(String mode, String name) throws Exception {
        Path http = recording(name);
        try (DifySimulator dify = Recorded.simulator(mode)) {
            assertAlike(http, Wire.call(dify.url(), Recordings.request(http)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "chat,parameters-chat",
        "advanced-chat,parameters-chatflow",
        "completion,parameters-completion",
        "workflow,parameters-workflow"
    })
    void describesEachKindOfInputAsRecorded(String mode, String name) throws Exception {
        Map<String, List<String>> recorded =
                controls(Recordings.response(recording(name)).body());
        try (DifySimulator dify = Recorded.simulator(mode)) {
            Map<String, List<String>> ours =
                    controls(Wire.get(dify, "/parameters").body());
            recorded.keySet().retainAll(ours.keySet());
            assertThat(recorded).isNotEmpty();
            assertThat(ours).containsAllEntriesOf(recorded);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "agent-chat", "agent", "advanced-chat", "completion", "workflow"})
    void namesItsMode(String mode) throws Exception {
        try (DifySimulator dify = Recorded.simulator(mode)) {
            assertThat(Wire.get(dify, "/info").body()).contains("\"mode\": \"" + mode + "\"");
        }
    }

    @Test
    void saysWhatIsSwitchedOff() throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                .withoutFiles()
                .withoutSpeech()
                .withoutSuggestions()
                .start()) {
            JsonNode parameters =
                    Json.parse(Wire.get(dify, "/parameters").body()).orElseThrow();
            for (String feature :
                    List.of("file_upload", "speech_to_text", "text_to_speech", "suggested_questions_after_answer")) {
                assertThat(parameters.path(feature).path("enabled").asBoolean(true))
                        .as(feature)
                        .isFalse();
            }
            assertThat(parameters.at("/file_upload/image/enabled").asBoolean(true))
                    .isFalse();
        }
    }

    /** The keys by the kind of the control. */
    private static Map<String, List<String>> controls(String parameters) {
        Map<String, List<String>> controls = new TreeMap<>();
        Json.parse(parameters).orElseThrow().path("user_input_form").forEach(control -> control.properties()
                .forEach(kind -> controls.put(
                        kind.getKey(),
                        kind.getValue().properties().stream()
                                .map(Map.Entry::getKey)
                                .toList())));
        return controls;
    }
}
