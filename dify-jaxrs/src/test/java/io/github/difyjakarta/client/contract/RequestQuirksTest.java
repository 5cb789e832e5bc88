package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCalls.ID;
import static io.github.difyjakarta.client.contract.ClientCalls.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Dify wants to be sent, and how it wants it. */
class RequestQuirksTest extends QuirksTest {
    @Test
    void agentsAreAskedByAStream() {
        dify.nextAt(
                "POST",
                "/chat-messages",
                Script.stream().event("{\"event\":\"message_end\",\"task_id\":\"t\",\"message_id\":\"m\"}"));
        client.chat().ask(QUESTION);
        assertThat(onlyRequest().body()).contains("\"response_mode\":\"streaming\"");
    }

    @Test
    void aDeletionCarriesItsUserInABody() {
        dify.nextAt("DELETE", "/conversations/*", Script.json(204, ""));
        client.conversations().delete(USER, ID);
        assertThat(onlyRequest().header("content-type")).contains("application/json");
        assertThat(onlyRequest().body()).isEqualTo("{\"user\":\"ada\"}");
        assertThat(onlyRequest().query()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "question.mp3, audio/mp3",
        "question.MP3, audio/mp3",
        "question.m4a, audio/m4a",
        "question.wav, audio/wav",
        "question.amr, audio/amr",
        "question.mpga, audio/mpga"
    })
    void recordingsHaveTheNamesThatDifyKnows(String fileName, String mediaType) {
        client.audio().transcribeAsync(USER, Upload.of(fileName, new byte[] {1}));
        assertThat(SentForm.fileHead(dify.awaitRequest(sent -> true, Duration.ofSeconds(5))))
                .endsWith("Content-Type: " + mediaType);
    }

    @ParameterizedTest
    @CsvSource({"audio/mpeg, audio/mp3", "audio/x-wav, audio/wav", "audio/x-m4a, audio/m4a", "audio/mp3, audio/mp3"})
    void usualNamesOfRecordingsAreTranslated(String usual, String known) {
        client.audio().transcribeAsync(USER, Upload.of("a", new byte[] {1}).as(usual));
        assertThat(SentForm.fileHead(dify.awaitRequest(sent -> true, Duration.ofSeconds(5))))
                .endsWith("Content-Type: " + known);
    }

    @Test
    void filesKeepTheirOwnNames() {
        client.files().uploadAsync(USER, Upload.of("a", new byte[] {1}).as("audio/mpeg"));
        assertThat(SentForm.fileHead(dify.awaitRequest(sent -> true, Duration.ofSeconds(5))))
                .endsWith("Content-Type: audio/mpeg");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101})
    void noPageIsLargerThanDifyTells(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.annotations().listAsync(Optional.empty(), 1, limit));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.conversations().list(USER, limit));
        assertThatIllegalArgumentException().isThrownBy(() -> client.messages().list(USER, ID, limit));
    }
}
