package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowTest {

    private static final String UNKNOWN = "11111111-2222-4333-8444-555555555555";

    @Test
    void streamsARun() throws Exception {
        try (DifySimulator dify = workflow().start()) {
            Response answer = Recorded.again(dify, "workflow-streaming-llm", UNKNOWN);
            Recorded.assertSameStream("workflow-streaming-llm", answer);
            assertThat(answer.events().get(0))
                    .contains("\"q\":\"Hello\",\"n\":3,\"sys.files\":[],\"sys.user_id\":\"u1\"");
        }
    }

    @Test
    void blocksForARun() throws Exception {
        try (DifySimulator dify = workflow().start()) {
            Response answer = Recorded.again(dify, "workflow-blocking-llm", UNKNOWN);
            Recorded.assertAlike("workflow-blocking-llm", answer);
            assertThat(Json.parse(answer.body())
                            .orElseThrow()
                            .at("/data/outputs/text")
                            .asText())
                    .contains("Hello");
        }
    }

    @Test
    void failsARunInMidSentenceIfAsked() throws Exception {
        try (DifySimulator dify = workflow().failsRuns().start()) {
            Recorded.assertSameStream("workflow-llm-error", Recorded.again(dify, "workflow-llm-error", UNKNOWN));
            Recorded.assertAlike("workflow-fail-blocking", Recorded.again(dify, "workflow-fail-blocking", UNKNOWN));
        }
    }

    @Test
    void stopsARunForAnyone() throws Exception {
        try (DifySimulator dify = workflow().typing(Duration.ofMillis(40)).start();
                Wire wire = new Wire(dify.url())) {
            wire.send(Recordings.request(Recorded.recording("workflow-stop-mid-stream")));
            Response answer = Wire.follow(wire, "\"event\":\"text_chunk\"", frame -> {
                String task = Shape.text(frame, "task_id");
                Recorded.assertSame("workflow-stop-request", Recorded.again(dify, "workflow-stop-request", task));
            });
            Recorded.assertSameStream("workflow-stop-mid-stream", answer);
            String run = Shape.text(answer.events().get(0), "workflow_run_id");
            assertThat(Wire.get(dify, "/workflows/run/" + run).body())
                    .contains("\"status\": \"stopped\"", "Aborted: User requested stop");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workflow-events-no-user",
                "workflow-events-other-user",
                "workflow-logs-bad-status",
                "workflow-run-by-version-bad-id",
                "workflow-run-by-version-unknown",
                "workflow-run-detail-bad-uuid",
                "workflow-run-detail-unknown",
                "workflow-run-logs-tutorial-path"
            })
    void refusesToTheLetter(String name) throws Exception {
        try (DifySimulator dify = workflow().start()) {
            Recorded.assertSame(name, Recorded.again(dify, name, UNKNOWN));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow-run-detail-wrong-mode", "trace-session-too-long", "err-mode-workflow-on-chat"})
    void refusesToTheLetterInAChatApp(String name) throws Exception {
        try (DifySimulator dify = DifySimulator.builder().key("app-REDACTED").start()) {
            Recorded.assertSame(name, Recorded.again(dify, name, UNKNOWN));
        }
    }

    @Test
    void reportsMissingInputsAsAFailedRunOrBlockingAsAMistake() throws Exception {
        try (DifySimulator dify = workflow().requiresInput("topic").start()) {
            Recorded.assertSameStream(
                    "workflow-required-missing", Recorded.again(dify, "workflow-required-missing", UNKNOWN));
            Recorded.assertSame(
                    "workflow-required-missing-blocking",
                    Recorded.again(dify, "workflow-required-missing-blocking", UNKNOWN));
        }
        try (DifySimulator dify = DifySimulator.builder()
                .key("app-REDACTED")
                .requiresInput("city")
                .start()) {
            Recorded.assertSame(
                    "err-input-required-missing", Recorded.again(dify, "err-input-required-missing", UNKNOWN));
        }
    }

    @Test
    void runsThePublishedVersionByItsId() throws Exception {
        try (DifySimulator dify = workflow().start()) {
            String version = Json.parse(run(dify, "u1"))
                    .orElseThrow()
                    .at("/data/workflow_id")
                    .asText();
            Recorded.assertAlike("workflow-run-by-version", Recorded.again(dify, "workflow-run-by-version", version));
        }
    }

    @Test
    void takesTheVersionOfAChatflow() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().mode("advanced-chat").start()) {
            String question = Wire.question("Hello?", "streaming");
            String started =
                    Wire.post(dify, "/chat-messages", question).events().get(0);
            String version =
                    Json.parse(started).orElseThrow().at("/data/workflow_id").asText();
            assertThat(Wire.post(dify, "/chat-messages", Wire.with(question, "workflow_id", version))
                            .body())
                    .contains("workflow_finished");
            assertThat(Wire.post(dify, "/chat-messages", Wire.with(question, "workflow_id", UNKNOWN))
                            .status())
                    .isEqualTo("HTTP/1.1 404 NOT FOUND");
        }
    }

    @Test
    void remembersARunWithItsInputsAsText() throws Exception {
        try (DifySimulator dify = workflow().start()) {
            String id = Shape.text(run(dify, "u1"), "workflow_run_id");
            Response detail = Recorded.again(dify, "workflow-run-detail", id);
            Recorded.assertAlike("workflow-run-detail", detail);
            String inputs = Shape.text(detail.body(), "inputs");
            assertThat(Json.parse(inputs).orElseThrow().path("q").asText()).isEqualTo("Where is 4711?");
        }
    }

    @Test
    void goesOnWithoutItsClient() throws Exception {
        try (DifySimulator dify = workflow().typing(Duration.ofMillis(40)).start()) {
            String id;
            try (Wire wire = new Wire(dify.url())) {
                wire.send(Recordings.request(Recorded.recording("workflow-streaming-llm")));
                wire.head();
                wire.chunk();
                id = Shape.text(wire.chunk().substring("data: ".length()), "workflow_run_id");
            }
            Recorded.assertAlike(
                    "workflow-run-detail-while-running", Recorded.again(dify, "workflow-run-detail-while-running", id));
            assertThat(Wire.until(dify, "/workflows/run/" + id, "succeeded")).contains("\"total_steps\": 3");
        }
    }

    @Test
    void listsItsRuns() throws Exception {
        try (DifySimulator dify = workflow().start()) {
            run(dify, "u1");
            run(dify, "u1");
            String last = Shape.text(run(dify, "u2"), "workflow_run_id");
            Response two = Recorded.again(dify, "workflow-logs", UNKNOWN);
            Recorded.assertAlike("workflow-logs", two);
            assertThat(two.body()).contains("\"total\": 3", "\"has_more\": true", last);
            Recorded.assertAlike("workflow-logs-date", Recorded.again(dify, "workflow-logs-date", UNKNOWN));
            assertThat(logs(dify, "page=2&limit=2"))
                    .contains("\"page\": 2", "\"has_more\": false")
                    .doesNotContain(last);
            assertThat(logs(dify, "created_by_end_user_session_id=u2")).contains("\"total\": 1", last);
            assertThat(logs(dify, "keyword=4711")).contains("\"total\": 3");
            assertThat(logs(dify, "keyword=nothing")).contains("\"total\": 0");
            assertThat(logs(dify, "status=failed")).contains("\"total\": 0");
            assertThat(logs(dify, "created_at__before=2020-01-01T00:00:00")).contains("\"total\": 0");
            assertThat(logs(dify, "created_at__after=yesterday")).contains("invalid_param");
            assertThat(logs(dify, "created_by_account=a@b.example")).contains("invalid_param");
        }
    }

    @Test
    void filtersStoppedRunsOfAUser() throws Exception {
        try (DifySimulator dify = workflow().typing(Duration.ofMillis(40)).start();
                Wire wire = new Wire(dify.url())) {
            wire.send(Recordings.request(Recorded.recording("workflow-stop-mid-stream")));
            Wire.follow(
                    wire,
                    "\"event\":\"text_chunk\"",
                    frame -> Wire.post(
                            dify,
                            "/workflows/tasks/" + Shape.text(frame, "task_id") + "/stop",
                            "{\"user\":\"anyone\"}"));
            run(dify, "u1");
            Recorded.assertAlike("workflow-logs-filter", Recorded.again(dify, "workflow-logs-filter", UNKNOWN));
        }
    }

    @Test
    void keepsNoLogOfChatflows() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().mode("advanced-chat").start()) {
            String started = Wire.post(dify, "/chat-messages", Wire.question("Hello?", "streaming"))
                    .events()
                    .get(0);
            String id = Shape.text(started, "workflow_run_id");
            assertThat(Wire.get(dify, "/workflows/run/" + id).body()).contains("\"status\": \"succeeded\"");
            assertThat(logs(dify, "limit=5")).contains("\"total\": 0");
        }
    }

    private static DifySimulatorBuilder workflow() {
        return DifySimulator.builder().key("app-REDACTED").mode("workflow");
    }

    private static String run(DifySimulator dify, String user) throws IOException {
        return Wire.post(
                        dify,
                        "/workflows/run",
                        "{\"inputs\":{\"q\":\"Where is 4711?\"},\"response_mode\":\"blocking\",\"user\":\"" + user
                                + "\"}")
                .body();
    }

    private static String logs(DifySimulator dify, String query) throws IOException {
        return Wire.get(dify, "/workflows/logs?" + query).body();
    }
}
