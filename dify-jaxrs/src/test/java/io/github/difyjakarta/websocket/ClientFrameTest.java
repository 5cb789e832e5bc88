package io.github.difyjakarta.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFrameTest {
    private static final String ID = "6f1f0a3c-7c0f-4d5c-9a3e-0a1b2c3d4e5f";

    @Test
    void readsAQuestionWithItsInputsAsTheyAre() {
        assertThat(ClientFrame.parse(
                        "{\"query\":\"Where?\",\"inputs\":{\"price\":1.50,\"tags\":[\"a\"]},\"user\":\"root\"}"))
                .isEqualTo(new ClientFrame.Question(
                        "Where?", Map.of("price", new BigDecimal("1.50"), "tags", List.of("a")), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"query\":\"Where?\"}",
                "{\"query\":\"Where?\",\"inputs\":null,\"conversation_id\":null}",
                "{\"type\":\"question\",\"query\":\"Where?\",\"files\":[]}"
            })
    void aQuestionThatNamesNoConversationGoesOnInTheOneBefore(String message) {
        assertThat(ClientFrame.parse(message))
                .isEqualTo(new ClientFrame.Question("Where?", Map.of(), Optional.empty()));
    }

    @Test
    void aQuestionNamesAConversationOrANewOne() {
        assertThat(ClientFrame.parse("{\"query\":\"Where?\",\"conversation_id\":\"" + ID + "\"}"))
                .isEqualTo(question(Optional.of(ID)));
        assertThat(ClientFrame.parse("{\"query\":\"Where?\",\"conversation_id\":\"\"}"))
                .isEqualTo(question(Optional.empty()));
    }

    private static ClientFrame.Question question(Optional<String> id) {
        return new ClientFrame.Question("Where?", Map.of(), Optional.of(new ClientFrame.Conversation(id)));
    }

    @Test
    void readsAStopAndAPing() {
        assertThat(ClientFrame.parse("{\"type\":\"stop\"}")).isEqualTo(new ClientFrame.Stop(Optional.empty()));
        assertThat(ClientFrame.parse("{\"type\":\"stop\",\"task_id\":\"t-1\"}"))
                .isEqualTo(new ClientFrame.Stop(Optional.of("t-1")));
        assertThat(ClientFrame.parse("{\"type\":\"ping\"}")).isEqualTo(new ClientFrame.Ping());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid_param | {}",
                "invalid_param | {\"query\":\"\"}",
                "invalid_param | {\"query\":\"  \"}",
                "invalid_param | {\"query\":7}",
                "invalid_param | {\"query\":\"x\",\"inputs\":[]}",
                "invalid_param | {\"query\":\"x\",\"conversation_id\":\"../7\"}",
                "invalid_param | {\"query\":\"x\",\"files\":[{\"type\":\"image\"}]}",
                "bad_request | {\"type\":\"shout\"}",
                "bad_request | {\"type\":\"stop\"} {\"type\":\"stop\"}",
                "bad_request | [\"query\"]",
                "bad_request | null",
                "bad_request | {\"query\":",
                "bad_request | ''"
            })
    void saysWhatIsWrongWithAnythingElse(String code, String message) {
        assertThat(ClientFrame.parse(message)).isInstanceOfSatisfying(ClientFrame.Bad.class, bad -> assertThat(
                        bad.error().code())
                .isEqualTo(code));
    }

    @Test
    void endlessNestingIsNotWellFormed() {
        assertThat(ClientFrame.parse("{\"query\":\"x\",\"inputs\":" + "[".repeat(30_000)))
                .isInstanceOf(ClientFrame.Bad.class);
    }
}
