package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.assertSameStream;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that the builder of the app has written. */
class AnnotationsTest {

    private static final String MODEL =
            "{\"embedding_provider_name\":\"acme\",\"embedding_model_name\":\"mock-embed\",\"score_threshold\":0.9}";

    private DifySimulator dify = Recorded.simulator("chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"annotation-create-missing", "annotation-update-unknown", "annotation-reply-status-unknown"})
    void refusesInDifysWords(String name) throws Exception {
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void liveFromTheirCreationToTheirDeletion() throws Exception {
        Path create = recording("annotation-create");
        Response created = Wire.call(dify.url(), Recordings.request(create));
        assertAlike(create, created);
        String id = Shape.text(created.body(), "id");
        for (String name : List.of("annotations", "annotation-update")) {
            Path http = recording(name);
            Response answer = Wire.call(dify.url(), withIds(Recordings.request(http), id));
            assertAlike(http, answer);
            assertThat(answer.body()).contains(id);
        }
        assertThat(list("").path("data").get(0).path("answer").asText()).isEqualTo("42.");
        for (String name : List.of("annotation-delete", "annotation-delete-again")) {
            Path http = recording(name);
            assertSame(http, Wire.call(dify.url(), withIds(Recordings.request(http), id)));
        }
        assertThat(list("").path("total").asInt()).isZero();
    }

    @Test
    void areFoundByTheWordsOfQuestionOrAnswer() throws Exception {
        create("Where are you?", "In Århus.");
        create("When are you open?", "From nine.");
        assertThat(list("?keyword=where").path("total").asInt()).isEqualTo(1);
        assertThat(list("?keyword=NINE").at("/data/0/question").asText()).isEqualTo("When are you open?");
        assertThat(list("?keyword=are+you").at("/data/0/question").asText())
                .as("latest first")
                .isEqualTo("When are you open?");
        assertThat(list("?keyword=nothing").path("data")).isEmpty();
    }

    @Test
    void comeInPagesOfAtMostAHundredWithTheTrapOfHasMore() throws Exception {
        for (int i = 0; i < 101; i++) {
            create("Question " + i, "Answer");
        }
        assertPage("?limit=100", 100, true);
        assertPage("?limit=100&page=2", 1, false);
        // With more than the cap there seems to be nothing behind the first page.
        assertPage("?limit=101", 100, false);
        assertThat(list("?limit=101").path("limit").asInt()).isEqualTo(101);
        Response refused = Wire.get(dify, "/apps/annotations?limit=0");
        assertThat(refused.body()).contains("invalid_param", "AnnotationListQuery");
    }

    @Test
    void areSwitchedOnByAJobThatTakesItsTime() throws Exception {
        Path enable = recording("annotation-reply-enable");
        Response waiting = Wire.call(dify.url(), Recordings.request(enable));
        assertAlike(enable, waiting);
        assertThat(Shape.text(waiting.body(), "job_status")).isEqualTo("waiting");
        String job = Shape.text(waiting.body(), "job_id");
        Response again = Wire.call(dify.url(), Recordings.request(enable));
        assertThat(again.body()).contains(job, "processing");

        Path status = recording("annotation-reply-status");
        String look = withIds(Recordings.request(status), job);
        assertThat(Wire.call(dify.url(), look).body()).contains("\"job_status\": \"processing\"");
        Response completed = Wire.call(dify.url(), look);
        assertAlike(status, completed);
        assertThat(Shape.text(completed.body(), "job_status")).isEqualTo("completed");
        assertThat(Wire.get(dify, "/apps/annotation-reply/disable/status/" + job)
                        .body())
                .contains("The job does not exist.");
        assertThat(Wire.call(dify.url(), Recordings.request(enable)).body())
                .contains("waiting")
                .doesNotContain(job);
    }

    @Test
    void areShownAmongTheParameters() throws Exception {
        switchTo("enable");
        assertThat(Wire.get(dify, "/parameters").body())
                .containsPattern("\"annotation_reply\": \\{\"id\": \"[0-9a-f-]{36}\", \"enabled\": true, "
                        + "\"score_threshold\": 0.9, \"embedding_model\": \\{\"embedding_provider_name\": \"acme\", "
                        + "\"embedding_model_name\": \"mock-embed\"}}");
        switchTo("disable");
        assertThat(Wire.get(dify, "/parameters").body()).contains("\"annotation_reply\": {\"enabled\": false}");
    }

    @ParameterizedTest
    @CsvSource({"enable,400 BAD REQUEST,invalid_param,{}", "toggle,500 INTERNAL SERVER ERROR,unknown,"})
    void refuseToBeSwitchedOtherwise(String action, String status, String code, String body) throws Exception {
        Response answer = Wire.post(dify, "/apps/annotation-reply/" + action, body == null ? MODEL : body);
        assertThat(answer.status()).isEqualTo("HTTP/1.1 " + status);
        assertThat(Shape.text(answer.body(), "code")).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"chat,chat-annotation-hit", "advanced-chat,chatflow-annotation-hit"})
    void answerInAStreamAsRecorded(String mode, String name) throws Exception {
        annotated(mode);
        Path http = recording(name);
        Response answer = Wire.call(dify.url(), Recordings.request(http));
        assertSameStream(http, answer);
        List<String> answers = answer.events().stream()
                .map(event -> Shape.text(event, "answer"))
                .toList();
        assertThat(answers)
                .containsExactlyElementsOf(Recordings.response(http).events().stream()
                        .map(event -> Shape.text(event, "answer"))
                        .toList());
        assertThat(history(answer.events().get(0))).contains("Forty-two. Gr\\u00fc\\u00dfe \\u4f60\\u597d.");
    }

    @Test
    void answerAsAWholeAsRecorded() throws Exception {
        annotated("chat");
        Path http = recording("chat-annotation-hit-blocking");
        Response answer = Wire.call(dify.url(), Recordings.request(http));
        assertAlike(http, answer);
        JsonNode body = Json.parse(answer.body()).orElseThrow();
        assertThat(body.path("answer").asText()).isEqualTo("Forty-two. Grüße 你好.");
        assertThat(body.at("/metadata/annotation_reply/id"))
                .isEqualTo(list("").path("data").get(0).path("id"));
        assertThat(list("").path("data").get(0).path("hit_count").asInt()).isEqualTo(1);
    }

    @Test
    void answerAChatflowAsAWholeWithoutNamingTheAnnotation() throws Exception {
        annotated("advanced-chat");
        JsonNode body = Json.parse(
                        Wire.post(dify, "/chat-messages", Wire.question("What is the meaning of life?", "blocking"))
                                .body())
                .orElseThrow();
        assertThat(body.path("answer").asText()).isEqualTo("Forty-two. Grüße 你好.");
        assertThat(body.path("metadata").has("annotation_reply")).isFalse();
        assertThat(body.at("/metadata/usage/total_price").asText()).isEqualTo("0.0");
        assertThat(list("").path("data").get(0).path("hit_count").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1.12.1,message_end", "1.15.0,workflow_finished"})
    void endTheStreamOfAChatflowAsEachReleaseDoes(String version, String last) throws Exception {
        annotated(DifySimulator.builder().mode("advanced-chat").version(version));
        Response answer = Wire.post(dify, "/chat-messages", Wire.question("What is the meaning of life?", "streaming"));
        assertThat(answer.chunks().get(0).contains("ping")).isEqualTo(last.equals("workflow_finished"));
        assertThat(Shape.text(answer.events().get(answer.events().size() - 1), "event"))
                .isEqualTo(last);
    }

    @Test
    void leaveTheStreamOfAChatflowOpenOn113And114() throws Exception {
        annotated(
                DifySimulator.builder().mode("advanced-chat").version("1.14.2").pingInterval(Duration.ofMillis(20)));
        try (Wire wire = new Wire(dify.url())) {
            String question = Wire.question("What is the meaning of life?", "streaming");
            wire.send(Wire.request(dify, "POST", "/chat-messages", question));
            wire.head();
            String frame = wire.chunk();
            while (!frame.contains("message_end")) {
                frame = wire.chunk();
            }
            for (int i = 0; i < 5; i++) {
                assertThat(wire.chunk()).isEqualTo("event: ping\n\n");
            }
        }
    }

    @Test
    void areNotUsedWhereTheLimitLetsNobodyIn() throws Exception {
        annotated(DifySimulator.builder().mode("advanced-chat").maxActiveRequests(1));
        Response refused =
                Wire.post(dify, "/chat-messages", Wire.question("What is the meaning of life?", "streaming"));
        assertThat(refused.body()).contains("Too many requests");
        assertThat(list("").path("data").get(0).path("hit_count").asInt()).isZero();
        assertThat(asked("What is the meaning of life?")).startsWith("Forty-two");
        assertThat(asked("What is the meaning of life?"))
                .as("the place is free again")
                .startsWith("Forty-two");
    }

    @Test
    void answerInAnAgentByPlainMessages() throws Exception {
        annotated("agent-chat");
        List<String> events = Wire.post(
                        dify, "/chat-messages", Wire.question("what is the meaning of life? ", "streaming"))
                .events();
        assertThat(events).hasSize("Forty-two. Grüße 你好.".length() + 1);
        assertThat(events.subList(0, events.size() - 1)).allMatch(event -> event.contains("\"event\":\"message\""));
        assertThat(events.get(events.size() - 1)).contains("\"annotation_reply\":{\"id\":", "\"total_tokens\":0");
    }

    @Test
    void doNotAnswerOtherQuestionsNorWhenSwitchedOff() throws Exception {
        annotated("chat");
        assertThat(asked("What is the meaning of it?")).startsWith("Thank you");
        assertThat(asked("What is the meaning of life?")).startsWith("Forty-two");
        switchTo("disable");
        assertThat(asked("What is the meaning of life?")).startsWith("Thank you");
    }

    @Test
    void canBeStoppedInTheMiddle() throws Exception {
        dify.close();
        dify = DifySimulator.builder()
                .key("app-REDACTED")
                .typing(Duration.ofMillis(10))
                .start();
        create("Long?", "x".repeat(10_000));
        switchTo("enable");
        try (Wire wire = new Wire(dify.url())) {
            wire.send(Wire.request(dify, "POST", "/chat-messages", Wire.question("Long?", "streaming")));
            wire.head();
            String frame = wire.chunk();
            Wire.post(
                    dify,
                    "/chat-messages/" + Shape.text(frame.substring("data: ".length()), "task_id") + "/stop",
                    "{\"user\":\"u1\"}");
            while (frame.contains("\"event\":\"message\"")) {
                frame = wire.chunk();
            }
            assertThat(frame).contains("message_end");
            assertThat(wire.chunk()).isEmpty();
        }
    }

    private void annotated(String mode) throws IOException {
        annotated(DifySimulator.builder().key("app-REDACTED").mode(mode));
    }

    private void annotated(DifySimulatorBuilder builder) throws IOException {
        dify.close();
        dify = builder.start();
        create("What is the meaning of life?", "Forty-two. Grüße 你好.");
        switchTo("enable");
    }

    private void create(String question, String answer) throws IOException {
        Wire.post(dify, "/apps/annotations", "{\"question\":\"" + question + "\",\"answer\":\"" + answer + "\"}");
    }

    private void switchTo(String action) throws IOException {
        assertThat(Wire.post(dify, "/apps/annotation-reply/" + action, MODEL).status())
                .isEqualTo("HTTP/1.1 200 OK");
    }

    private String asked(String question) throws IOException {
        return Shape.text(
                Wire.post(dify, "/chat-messages", Wire.question(question, "blocking"))
                        .body(),
                "answer");
    }

    private String history(String event) throws IOException {
        return Wire.get(dify, "/messages?user=u1&conversation_id=" + Shape.text(event, "conversation_id"))
                .body();
    }

    private JsonNode list(String query) throws IOException {
        return Json.parse(Wire.get(dify, "/apps/annotations" + query).body()).orElseThrow();
    }

    private void assertPage(String query, int rows, boolean hasMore) throws IOException {
        JsonNode page = list(query);
        assertThat(page.path("data")).hasSize(rows);
        assertThat(page.path("has_more").asBoolean()).isEqualTo(hasMore);
        assertThat(page.path("total").asInt()).isEqualTo(101);
    }
}
