package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.difyjakarta.client.chat.ChatRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatBodyTest {
    @Test
    void asksAsTheCallerWhateverTheBodySays() throws IOException {
        ChatRequest question =
                read("{\"query\":\"Hello?\",\"inputs\":{},\"user\":\"victim\"}").toRequest("ada");
        assertThat(question.user()).isEqualTo("ada");
        assertThat(question.toString()).doesNotContain("victim");
    }

    @Test
    void keepsTheNumbersOfInputsAsTheyCame() throws IOException {
        ChatBody body = read("{\"query\":\"Hello?\",\"inputs\":{\"price\":19.90,\"exact\":0.12345678901234567890123}}");
        assertThat(body.run().inputs())
                .isEqualTo(
                        Map.of("price", new BigDecimal("19.90"), "exact", new BigDecimal("0.12345678901234567890123")));
    }

    @Test
    void countsTheCharactersOfInputsAsTheyGoToDify() throws IOException {
        assertThat(read("{\"query\":\"Hello?\",\"inputs\":{\"a\":\"xä€\\ud83d\\ude00\"}}")
                        .run()
                        .characters())
                .isEqualTo("{'a':'xä€\\ud83d\\ude00'}".length());
        assertThat(read("{\"query\":\"Hello?\",\"inputs\":{}}").run().characters())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"query\":\"\"}",
                "{\"query\":7}",
                "{\"query\":\"a\",\"inputs\":[]}",
                "{\"query\":\"a\",\"conversation_id\":\"../x\"}",
                "{\"query\":\"a\",\"response_mode\":\"both\"}",
                "{\"query\":\"a\",\"files\":[{\"type\":\"image\"}]}"
            })
    void refusesWhatDifyWouldRefuse(String body) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(body))
                .satisfies(problem -> assertThat(problem.error().code()).isEqualTo("invalid_param"));
    }

    private static ChatBody read(String body) throws IOException {
        return ChatBody.read(new ByteArrayInputStream(body.getBytes(UTF_8)), 1024, new FileRules(true, false));
    }
}
