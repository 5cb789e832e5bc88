package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The whole way of a run that asks a human: pause, form, answer, resumption. */
class HumanInputTest {

    @Test
    void pausesAWorkflowAndStopsItAfterItsForm() throws Exception {
        try (DifySimulator dify = human("workflow").start();
                Wire wire = new Wire(dify.url())) {
            Response paused = again(dify, "workflow-human-pause", "", "");
            Recorded.assertSameStream("workflow-human-pause", paused);
            String run = Shape.text(paused.events().get(0), "workflow_run_id");
            String token = token(paused);

            alike(dify, "workflow-run-detail-paused", run, token);
            Recorded.assertSameStream(
                    "workflow-events-paused-snapshot", again(dify, "workflow-events-paused-snapshot", run, token));
            alike(dify, "human-form-get", run, token);
            same(dify, "human-form-get-unknown", run, "nope");
            same(dify, "human-form-post-bad-action", run, token);
            same(dify, "human-form-post-no-action", run, token);
            String name = "workflow-events-after-submit-plain";
            wire.send(Recorded.withIds(Recordings.request(Recorded.recording(name)), run));
            Response events = Wire.follow(wire, "ping", ping -> same(dify, "human-form-post", run, token));
            Recorded.assertSameStream(name, events);
            alike(dify, "human-form-post-again", run, token);
            alike(dify, "human-form-get-after-submit", run, token);
            assertThat(Wire.get(dify, "/workflows/run/" + run).body()).contains("\"status\": \"stopped\"");
        }
    }

    @Test
    void finishesAWorkflowAfterItsFormIfAsked() throws Exception {
        try (DifySimulator dify = human("workflow").resumesWorkflows().start();
                Wire wire = new Wire(dify.url())) {
            Response paused = again(dify, "workflow-human-pause", "", "");
            String run = Shape.text(paused.events().get(0), "workflow_run_id");
            String name = "workflow-events-resume-success";
            wire.send(Recorded.withIds(Recordings.request(Recorded.recording(name)), run));
            Response events =
                    Wire.follow(wire, "workflow_paused", frame -> same(dify, "human-form-post", run, token(paused)));
            Recorded.assertSameStream(name, events);
            assertThat(Wire.get(dify, "/workflows/run/" + run).body())
                    .contains("\"status\": \"succeeded\"", "Decision: Approve.");
        }
    }

    @Test
    void pausesAndResumesAChatflow() throws Exception {
        try (DifySimulator dify = human("advanced-chat").start();
                Wire wire = new Wire(dify.url())) {
            Response paused = again(dify, "chatflow-human-pause", "", "");
            Recorded.assertSameStream("chatflow-human-pause", paused);
            String started = paused.events().get(0);
            String run = Shape.text(started, "workflow_run_id");
            String conversation = Shape.text(started, "conversation_id");
            alike(dify, "chatflow-messages-while-paused", conversation, "");

            String name = "chatflow-events-resume";
            wire.send(Recorded.withIds(Recordings.request(Recorded.recording(name)), run));
            Response events = Wire.follow(
                    wire, "workflow_paused", frame -> same(dify, "chatflow-human-form-post", run, token(paused)));
            Recorded.assertSameStream(name, events);
            alike(dify, "chatflow-messages-after-resume", conversation, "");
            assertThat(again(dify, "chatflow-messages-after-resume", conversation, "")
                            .body())
                    .contains("\"answer\": \"Let me ask a colleague. Decision: Approve.");
        }
    }

    @Test
    void answersABlockingRequestWithThePause() throws Exception {
        try (DifySimulator workflow = human("workflow").start();
                DifySimulator chatflow = human("advanced-chat").start()) {
            alike(workflow, "workflow-human-blocking", "", "");
            alike(chatflow, "chatflow-human-blocking", "", "");
        }
    }

    @Test
    void asksAgainForMissingInputs() throws Exception {
        try (DifySimulator dify = human("workflow").start()) {
            String token = token(again(dify, "workflow-human-pause", "", ""));
            assertThat(Wire.post(
                                    dify,
                                    "/form/human_input/" + token,
                                    "{\"inputs\":{\"comment\":\"c\"},\"action\":\"reject\",\"user\":\"u1\"}")
                            .body())
                    .contains("invalid_form_data", "level");
            same(dify, "human-form-post", "", token);
        }
    }

    @Test
    void hasNoFormsBefore114() {
        DifySimulatorBuilder early = human("workflow").version("1.13.3");
        assertThatThrownBy(early::start).isInstanceOf(IllegalArgumentException.class);
    }

    private static DifySimulatorBuilder human(String mode) {
        return DifySimulator.builder().key("app-REDACTED").mode(mode).asksHuman();
    }

    private static void same(DifySimulator dify, String name, String run, String token) throws IOException {
        Recorded.assertSame(name, again(dify, name, run, token));
    }

    private static void alike(DifySimulator dify, String name, String run, String token) throws IOException {
        Recorded.assertAlike(name, again(dify, name, run, token));
    }

    private static Response again(DifySimulator dify, String name, String run, String token) throws IOException {
        String request = Recorded.withIds(Recordings.request(Recorded.recording(name)), run);
        return Wire.call(dify.url(), request.replaceAll("/form/human_input/\\S+", "/form/human_input/" + token));
    }

    private static String token(Response paused) {
        return paused.events().stream()
                .filter(event -> Shape.text(event, "event").equals("human_input_required"))
                .map(event -> Json.parse(event).orElseThrow().at("/data/form_token"))
                .map(JsonNode::asText)
                .findFirst()
                .orElseThrow();
    }
}
