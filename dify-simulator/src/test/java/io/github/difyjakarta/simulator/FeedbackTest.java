package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users think of answers, as the builder of the app reads it. */
class FeedbackTest {

    private final DifySimulator dify = Recorded.simulator("chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @Test
    void listsWhatUsersSaid() throws Exception {
        JsonNode turn = ask("u1");
        rate(turn, "{\"rating\":\"like\",\"content\":\"good\",\"user\":\"u1\"}");
        Path http = recording("app-feedbacks");
        Response answer = Wire.call(dify.url(), Recordings.request(http));
        assertAlike(http, answer);
        JsonNode row = rows("").get(0);
        assertThat(row.path("rating").asText()).isEqualTo("like");
        assertThat(row.path("content").asText()).isEqualTo("good");
        assertThat(row.path("message_id")).isEqualTo(turn.path("message_id"));
        assertThat(row.path("conversation_id")).isEqualTo(turn.path("conversation_id"));
        assertThat(row.path("created_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d");
        String user = row.path("from_end_user_id").asText();
        assertThat(Wire.get(dify, "/end-users/" + user).body()).contains("\"session_id\": \"u1\"");
    }

    @Test
    void keepsOneOpinionOfEachAnswer() throws Exception {
        JsonNode turn = ask("u1");
        rate(turn, "{\"rating\":\"like\",\"content\":\"good\",\"user\":\"u1\"}");
        String id = rows("").get(0).path("id").asText();
        rate(turn, "{\"rating\":\"dislike\",\"user\":\"u1\"}");
        assertThat(rows("")).hasSize(1);
        assertThat(rows("").get(0).path("id").asText()).isEqualTo(id);
        assertThat(rows("").get(0).path("content").isNull()).isTrue();
        assertThat(history(turn)).contains("\"feedback\": {\"rating\": \"dislike\"}");

        rate(turn, "{\"user\":\"u1\"}");
        assertThat(rows("")).isEmpty();
        assertThat(history(turn)).contains("\"feedback\": null");
    }

    @Test
    void comesInPagesLatestFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            rate(ask("u1"), "{\"rating\":\"like\",\"content\":\"" + i + "\",\"user\":\"u1\"}");
        }
        assertThat(rows("?limit=2"))
                .extracting(row -> row.path("content").asText())
                .containsExactly("2", "1");
        assertThat(rows("?limit=2&page=2"))
                .extracting(row -> row.path("content").asText())
                .containsExactly("0");
        assertThat(rows("?limit=2&page=3")).isEmpty();
        assertThat(rows("?limit=101")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=102", "page=0", "page=x"})
    void refusesPagesThatCannotBe(String query) throws Exception {
        Response answer = Wire.get(dify, "/app/feedbacks?" + query);
        assertThat(answer.status()).isEqualTo("HTTP/1.1 400 BAD REQUEST");
        assertThat(answer.body()).contains("invalid_param", query.split("=", 2)[0]);
    }

    @Test
    void goesWithItsConversation() throws Exception {
        JsonNode turn = ask("u1");
        rate(turn, "{\"rating\":\"like\",\"user\":\"u1\"}");
        String path = "/conversations/" + turn.path("conversation_id").asText();
        Wire.call(dify.url(), Wire.request(dify, "DELETE", path, "{\"user\":\"u1\"}"));
        assertThat(rows("")).isEmpty();
    }

    private JsonNode ask(String user) throws IOException {
        String question = Wire.question("Hello?", "blocking").replace("u1", user);
        return json(Wire.post(dify, "/chat-messages", question));
    }

    private void rate(JsonNode turn, String body) throws IOException {
        Response answer = Wire.post(dify, "/messages/" + turn.path("message_id").asText() + "/feedbacks", body);
        assertThat(answer.status()).as(body).isEqualTo("HTTP/1.1 200 OK");
    }

    private JsonNode rows(String query) throws IOException {
        return json(Wire.get(dify, "/app/feedbacks" + query)).path("data");
    }

    private String history(JsonNode turn) throws IOException {
        return Wire.get(
                        dify,
                        "/messages?user=u1&conversation_id="
                                + turn.path("conversation_id").asText())
                .body();
    }

    private static JsonNode json(Response response) {
        return Json.parse(response.body()).orElseThrow();
    }
}
