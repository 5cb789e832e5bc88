package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The app reads aloud and listens. */
class SpeechTest {

    private static final int MAX_AUDIO = 30 * 1024 * 1024;

    private DifySimulator dify = Recorded.simulator("chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audio-to-text-mpeg",
                "audio-to-text-no-file",
                "audio-to-text-webm",
                "text-to-audio-bad-message-id",
                "text-to-audio-nothing",
                "text-to-audio-unknown-message"
            })
    void answersToTheLetter(String name) throws Exception {
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.requestBytes(http)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio-to-text-disabled", "text-to-audio-disabled"})
    void refusesWhereSpeechIsOff(String name) throws Exception {
        dify.close();
        dify = DifySimulator.builder().key("app-REDACTED").withoutSpeech().start();
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.requestBytes(http)));
    }

    @ParameterizedTest
    @CsvSource({
        "workflow,audio-to-text-disabled",
        "workflow,text-to-audio-disabled",
        "completion,audio-to-text-disabled"
    })
    void refusesInAppsThatHaveNoSpeech(String mode, String name) throws Exception {
        dify.close();
        dify = Recorded.simulator(mode);
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.requestBytes(http)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio-to-text-m4a", "audio-to-text-mp3", "audio-to-text-wav"})
    void listens(String name) throws Exception {
        Path http = recording(name);
        Response answer = Wire.call(dify.url(), Recordings.requestBytes(http));
        assertAlike(http, answer);
        assertThat(answer.body()).contains("44 bytes");
    }

    @Test
    void listensToThirtyMegabytesAndNotToOneByteMore() throws Exception {
        Response heard = Forms.send(dify, "/audio-to-text", "u1", "a.wav", "audio/wav", new byte[MAX_AUDIO]);
        assertThat(heard.body()).contains(MAX_AUDIO + " bytes");
        Response refused = Forms.send(dify, "/audio-to-text", "u1", "a.wav", "audio/wav", new byte[MAX_AUDIO + 1]);
        assertSame(recording("audio-to-text-too-large"), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-to-audio-message", "text-to-audio-text", "text-to-audio-voice"})
    void readsAloud(String name) throws Exception {
        String message = Shape.text(ask().body(), "message_id");
        Path http = recording(name);
        Response recorded = Recordings.response(http);
        Response answer = Wire.call(dify.url(), withIds(Recordings.request(http), message));
        assertThat(answer.status()).isEqualTo(recorded.status());
        assertThat(withoutDate(answer)).isEqualTo(withoutDate(recorded));
        assertThat(answer.chunks()).hasSameSizeAs(recorded.chunks());
    }

    @Test
    void saysTheSameTextInTheSameWayAndUnderstandsItself() throws Exception {
        String text = "Grüße, 4711 is on its way 📦!";
        byte[] said = say("{\"text\":\"" + text + "\"}");
        assertThat(say("{\"text\":\"" + text + "\",\"user\":\"u2\"}")).isEqualTo(said);
        assertThat(say("{\"text\":\"Something else\"}")).isNotEqualTo(said);

        Response heard = Forms.send(dify, "/audio-to-text", "u1", "a.mp3", "audio/mp3", said);
        assertThat(Shape.text(heard.body(), "text")).isEqualTo(text);
    }

    @Test
    void readsTheAnswerOfAMessage() throws Exception {
        Response turn = ask();
        byte[] said = say("{\"user\":\"u1\",\"message_id\":\"" + Shape.text(turn.body(), "message_id") + "\"}");
        Response heard = Forms.send(dify, "/audio-to-text", "u1", "a.mp3", "audio/mp3", said);
        assertThat(Shape.text(heard.body(), "text")).isEqualTo(Shape.text(turn.body(), "answer"));

        Response others = Wire.post(
                dify,
                "/text-to-audio",
                "{\"user\":\"u2\",\"message_id\":\"" + Shape.text(turn.body(), "message_id") + "\"}");
        assertThat(others.body()).as("the message of another user").isEqualTo("null\n");
    }

    private Response ask() throws IOException {
        return Wire.post(dify, "/chat-messages", Wire.question("Hello?", "blocking"));
    }

    private byte[] say(String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(dify.url() + "/text-to-audio"))
                                .header("Authorization", "Bearer " + dify.key())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofByteArray())
                .body();
    }

    private static List<String> withoutDate(Response response) {
        return response.headers().stream()
                .filter(header -> !header.startsWith("Date: "))
                .toList();
    }
}
