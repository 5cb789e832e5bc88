package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changed between the releases of Dify. */
class ReleasesTest {

    private static final String UNKNOWN = "11111111-2222-4333-8444-555555555555";
    private static final String QUESTION = Wire.question("Grüße?", "streaming");
    private static final String BLOCKING = Wire.question("Grüße?", "blocking");

    @ParameterizedTest
    @ValueSource(strings = {"0.15.8", "1.16", "latest", ""})
    void takesNoOtherVersions(String version) {
        assertThatThrownBy(() -> DifySimulator.builder().version(version)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "1.16.0", "1.17.1", "2.0.0"})
    void saysItsVersion(String version) throws Exception {
        try (DifySimulator dify = on("chat", version)) {
            assertThat(Wire.get(dify, "/info").headers()).contains("X-Version: " + version);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/site, 1.3.1, 1.4.0",
        "/app/feedbacks, 1.3.1, 1.4.0",
        "/apps/annotations, 1.1.3, 1.2.0",
        "/apps/annotation-reply/enable/status/11111111-2222-4333-8444-555555555555, 1.1.3, 1.2.0",
        "/conversations/11111111-2222-4333-8444-555555555555/variables, 1.3.0, 1.3.1",
        "/files/11111111-2222-4333-8444-555555555555/preview, 1.7.1, 1.7.2",
        "/end-users/11111111-2222-4333-8444-555555555555, 1.12.1, 1.13.0",
        "/form/human_input/x, 1.13.3, 1.14.0",
        "/workflow/11111111-2222-4333-8444-555555555555/events?user=u1, 1.13.3, 1.14.0"
    })
    void hasNoPathsOfLaterReleases(String path, String before, String since) throws Exception {
        try (DifySimulator dify = on("workflow", before)) {
            Response missing = Wire.get(dify, path);
            assertThat(missing.status()).isEqualTo("HTTP/1.1 404 NOT FOUND");
            assertThat(missing.headers()).contains("Content-Type: text/html; charset=utf-8");
        }
        try (DifySimulator dify = on("workflow", since)) {
            assertThat(Wire.get(dify, path).headers()).doesNotContain("Content-Type: text/html; charset=utf-8");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /conversations/11111111-2222-4333-8444-555555555555/variables/11111111-2222-4333-8444-555555555555,"
                + " 1.7.1, 404 NOT FOUND",
        "PUT, /conversations/11111111-2222-4333-8444-555555555555/variables/11111111-2222-4333-8444-555555555555,"
                + " 1.7.2, 400 BAD REQUEST",
        "POST, /apps/annotations/11111111-2222-4333-8444-555555555555, 1.3.0, 400 BAD REQUEST",
        "PUT, /apps/annotations/11111111-2222-4333-8444-555555555555, 1.3.0, 405 METHOD NOT ALLOWED",
        "POST, /apps/annotations/11111111-2222-4333-8444-555555555555, 1.3.1, 405 METHOD NOT ALLOWED",
        "PUT, /apps/annotations/11111111-2222-4333-8444-555555555555, 1.3.1, 400 BAD REQUEST"
    })
    void hasTheMethodsOfItsRelease(String method, String path, String version, String status) throws Exception {
        try (DifySimulator dify = on("chat", version)) {
            assertThat(Wire.call(dify.url(), Wire.request(dify, method, path, "{}"))
                            .status())
                    .isEqualTo("HTTP/1.1 " + status);
        }
    }

    @Test
    void runsAWorkflowByItsVersionSince172() throws Exception {
        String run = "{\"inputs\":{},\"user\":\"u1\"}";
        try (DifySimulator dify = on("workflow", "1.7.1")) {
            assertThat(Wire.post(dify, "/workflows/" + UNKNOWN + "/run", run).body())
                    .startsWith("<!doctype html>");
        }
        try (DifySimulator dify = on("workflow", "1.7.2")) {
            assertThat(Wire.post(dify, "/workflows/" + UNKNOWN + "/run", run).body())
                    .contains("Workflow not found with id");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.3.0, HTTP/1.1 200 OK", "1.3.1, HTTP/1.1 204 NO CONTENT"})
    void deletesConversationsWithOrWithoutAWord(String version, String status) throws Exception {
        try (DifySimulator dify = on("chat", version)) {
            String conversation =
                    Shape.text(Wire.post(dify, "/chat-messages", BLOCKING).body(), "conversation_id");
            String delete = Wire.request(dify, "DELETE", "/conversations/" + conversation, "{\"user\":\"u1\"}");
            assertThat(Wire.call(dify.url(), delete).status()).isEqualTo(status);
        }
    }

    @Test
    void writesFramesInAsciiUpTo180() throws Exception {
        try (DifySimulator dify = on("chat", "1.8.0")) {
            assertThat(Wire.post(dify, "/chat-messages", QUESTION).body())
                    .contains("{\"event\": \"message\", ", "Gr\\u00fc\\u00dfe", "\"from_variable_selector\": null");
        }
        try (DifySimulator dify = on("chat", "1.8.1")) {
            assertThat(Wire.post(dify, "/chat-messages", QUESTION).body()).contains("{\"event\":\"message\",", "Grüße");
        }
    }

    @Test
    void endsAChatflowTheOtherWayRoundAndBeginsWithoutAPingUpTo112() throws Exception {
        try (DifySimulator dify = on("advanced-chat", "1.12.1")) {
            Response answer = Wire.post(dify, "/chat-messages", QUESTION);
            assertThat(events(answer)).startsWith("workflow_started").endsWith("workflow_finished", "message_end");
            assertThat(answer.chunks().get(0)).contains("workflow_started").doesNotContain("initial");
        }
        try (DifySimulator dify = on("advanced-chat", "1.13.0")) {
            Response answer = Wire.post(dify, "/chat-messages", QUESTION);
            assertThat(events(answer)).startsWith("workflow_started").endsWith("message_end", "workflow_finished");
            assertThat(answer.chunks().get(0)).isEqualTo("event: ping\n\n");
            assertThat(answer.chunks().get(1)).contains("\"reason\":\"initial\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.12.1, message_end", "1.13.0, workflow_finished"})
    void endsAStoppedChatflow(String version, String lastEvent) throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                        .mode("advanced-chat")
                        .version(version)
                        .typing(Duration.ofMillis(40))
                        .start();
                Wire wire = new Wire(dify.url())) {
            wire.send(Wire.request(dify, "POST", "/chat-messages", QUESTION));
            Response answer = Wire.follow(
                    wire,
                    "\"event\":\"message\"",
                    frame -> Wire.post(
                            dify, "/chat-messages/" + Shape.text(frame, "task_id") + "/stop", "{\"user\":\"u1\"}"));
            assertThat(events(answer)).endsWith(lastEvent).contains("workflow_finished");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.12.1, error", "1.13.0, workflow_finished"})
    void endsAFailedChatflow(String version, String lastEvent) throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                .mode("advanced-chat")
                .version(version)
                .failsRuns()
                .start()) {
            assertThat(events(Wire.post(dify, "/chat-messages", QUESTION))).endsWith(lastEvent);
            assertThat(Wire.post(dify, "/chat-messages", BLOCKING).body()).contains("invalid_param", "Run failed: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.12.1", "1.16.0"})
    void knowsNoForeignConversation(String version) throws Exception {
        try (DifySimulator dify = on("advanced-chat", version)) {
            assertThat(inUnknownConversation(dify).body()).contains("not_found", "Conversation Not Exists.");
        }
    }

    @Test
    void beginsAnotherConversationOn115WithoutAWord() throws Exception {
        try (DifySimulator dify = on("advanced-chat", "1.15.0")) {
            Response answer = inUnknownConversation(dify);
            assertThat(answer.body()).contains("workflow_finished").doesNotContain(UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.13.0", "1.14.2"})
    void hangsOn113And114(String version) throws Exception {
        String unknown = Wire.with(QUESTION, "conversation_id", UNKNOWN);
        for (String body : List.of(unknown, QUESTION)) {
            try (DifySimulator dify = DifySimulator.builder()
                    .mode("advanced-chat")
                    .version(version)
                    .requiresInput("city")
                    .pingInterval(Duration.ofMillis(20))
                    .start()) {
                try (Wire wire = new Wire(dify.url())) {
                    wire.send(Wire.request(dify, "POST", "/chat-messages", body));
                    assertThat(wire.head()).contains("HTTP/1.1 200 OK");
                    for (int i = 0; i < 5; i++) {
                        assertThat(wire.chunk()).isEqualTo("event: ping\n\n");
                    }
                }
                assertThat(dify.streams().get(0).ended().toCompletableFuture().get(5, TimeUnit.SECONDS))
                        .isEqualTo(StreamRecord.End.CLIENT_CLOSED);
            }
        }
    }

    @Test
    void refusesWrongInputsOfAWorkflowBeforeTheStreamUpTo112() throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                .mode("workflow")
                .version("1.12.1")
                .requiresInput("topic")
                .start()) {
            String run = "{\"inputs\":{},\"response_mode\":\"streaming\",\"user\":\"u1\"}";
            assertThat(Wire.post(dify, "/workflows/run", run).body())
                    .contains("invalid_param", "topic is required in input form");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.11.4, application/json", "1.12.0, application/json; charset=utf-8"})
    void namesTheCharsetOfBlockingAnswersSince112(String version, String type) throws Exception {
        try (DifySimulator dify = on("chat", version)) {
            assertThat(Wire.post(dify, "/chat-messages", BLOCKING).headers()).contains("Content-Type: " + type);
        }
    }

    @Test
    void namesTheFieldOfAMistakeUpTo110() throws Exception {
        try (DifySimulator dify = on("chat", "1.10.1")) {
            assertThat(Wire.post(dify, "/chat-messages", "{\"inputs\":{},\"user\":\"u1\"}")
                            .body())
                    .isEqualTo("{\"code\": \"invalid_param\", \"message\": \"Missing required parameter in the JSON"
                            + " body\", \"params\": \"query\", \"status\": 400}\n");
            assertThat(Wire.post(dify, "/chat-messages", "{\"query\":\"x\",\"user\":\"u1\"}")
                            .body())
                    .contains("\"params\": \"inputs\"");
        }
    }

    @Test
    void hasFewerFieldsInOlderHistories() throws Exception {
        assertThat(history("1.12.1")).doesNotContain("extra_contents", "total_price", "message_tokens");
        assertThat(history("1.13.0")).contains("extra_contents").doesNotContain("total_price");
        assertThat(history("1.16.0")).contains("extra_contents", "total_price", "message_tokens");
    }

    @Test
    void hasOtherFieldsInOlderEvents() throws Exception {
        String old = workflow("1.4.1");
        assertThat(old)
                .contains("\"sequence_number\": 1", "\"parallel_id\": null")
                .doesNotContain("_truncated", "\"reason\"", "time_to_first_token");
        String newer = workflow("1.10.0");
        assertThat(newer)
                .contains("_truncated", "time_to_first_token")
                .doesNotContain("sequence_number", "parallel_id", "\"reason\"");
        assertThat(workflow("1.0.0")).doesNotContain("loop_id");
    }

    @Test
    void hasFewerFieldsAtTheEndOfOlderChats() throws Exception {
        assertThat(chat("1.8.1")).doesNotContain("\"files\"", "\"reasoning\"");
        assertThat(chat("1.14.0")).contains("\"files\":null").doesNotContain("\"reasoning\"");
        assertThat(chat("1.15.0")).contains("\"files\":null", "\"reasoning\"");
        assertThat(chat("1.16.0")).contains("\"files\":[]", "\"reasoning\"");
    }

    @Test
    void saysLessOfItselfOnOlderReleases() throws Exception {
        try (DifySimulator dify = on("chat", "1.3.1")) {
            assertThat(Wire.get(dify, "/info").body()).doesNotContain("mode", "author_name");
        }
        try (DifySimulator dify = on("chat", "1.4.2")) {
            assertThat(Wire.get(dify, "/info").body()).contains("mode").doesNotContain("author_name");
        }
    }

    @Test
    void hintsAtOtherPathsSince18() throws Exception {
        try (DifySimulator dify = on("chat", "1.7.2")) {
            assertThat(inUnknownConversation(dify).body())
                    .isEqualTo(
                            "{\"code\": \"not_found\", \"message\": \"Conversation Not Exists.\", \"status\": 404}\n");
        }
    }

    @Test
    void writesAChatToItsEndWithoutItsClientBefore116() throws Exception {
        try (DifySimulator dify = on("chat", "1.15.0")) {
            String first;
            try (Wire wire = new Wire(dify.url())) {
                wire.send(Wire.request(dify, "POST", "/chat-messages", QUESTION));
                wire.head();
                first = wire.chunk().substring("data: ".length());
            }
            String history = "/messages?user=u1&conversation_id=" + Shape.text(first, "conversation_id");
            assertThat(Wire.until(dify, history, "look up for you?")).contains("look up for you?");
        }
    }

    private static DifySimulator on(String mode, String version) {
        return DifySimulator.builder().mode(mode).version(version).start();
    }

    private static Response inUnknownConversation(DifySimulator dify) throws IOException {
        return Wire.post(dify, "/chat-messages", Wire.with(QUESTION, "conversation_id", UNKNOWN));
    }

    private static List<String> events(Response answer) {
        return answer.events().stream().map(event -> Shape.text(event, "event")).toList();
    }

    private static String history(String version) throws IOException {
        try (DifySimulator dify = on("chat", version)) {
            String conversation =
                    Shape.text(Wire.post(dify, "/chat-messages", BLOCKING).body(), "conversation_id");
            return Wire.get(dify, "/messages?user=u1&conversation_id=" + conversation)
                    .body();
        }
    }

    private static String workflow(String version) throws IOException {
        try (DifySimulator dify = on("workflow", version)) {
            String run = "{\"inputs\":{\"q\":\"Hi\"},\"response_mode\":\"streaming\",\"user\":\"u1\"}";
            return Wire.post(dify, "/workflows/run", run).body();
        }
    }

    private static String chat(String version) throws IOException {
        try (DifySimulator dify = on("chat", version)) {
            return Wire.post(dify, "/chat-messages", QUESTION).body();
        }
    }
}
