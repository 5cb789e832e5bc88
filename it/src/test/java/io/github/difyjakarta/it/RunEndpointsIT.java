package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions, workflows, and runs that wait for people. */
@ExtendWith(SharedServer.class)
class RunEndpointsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final DifySimulator TEXT =
            DifySimulator.builder().mode("completion").typing(Duration.ZERO).start();
    private static final DifySimulator FLOW =
            DifySimulator.builder().mode("workflow").typing(Duration.ZERO).start();
    private static final DifySimulator DESK = DifySimulator.builder()
            .mode("advanced-chat")
            .asksHuman()
            .typing(Duration.ZERO)
            .start();
    private static final WebArchive WAR = Wars.chat("runs.war", settings());

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, TEXT, FLOW, DESK);

    private static Map<String, String> settings() {
        Map<String, String> settings = Wars.with(
                Wars.settings(DESK),
                "dify.apps",
                "plain",
                "dify.apps.plain.api-key",
                DESK.key(),
                "dify.apps.plain.relay.endpoints",
                "chat",
                "dify.relay.endpoints",
                "chat,messages,completion,workflow,forms");
        return Wars.withApp(Wars.withApp(settings, "text", TEXT, "completion"), "flow", FLOW, "workflow");
    }

    private final Front text;
    private final Front flow;
    private final Front ada;
    private final Front bob;
    private final Front plain;

    RunEndpointsIT(PayaraServer server) {
        text = Front.of(server, "runs", "text", "ada");
        flow = Front.of(server, "runs", "flow", "ada");
        ada = Front.of(server, "runs", "default", "ada");
        bob = Front.of(server, "runs", "default", "bob");
        plain = Front.of(server, "runs", "plain", "ada");
    }

    @Test
    void completesATextAsADocument() {
        Front.Answer answer =
                text.send("POST", "completion-messages", "{\"inputs\":{\"topic\":\"orders\"},\"user\":\"bob\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head().header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().path("mode").asText()).isEqualTo("completion");
        assertThat(answer.json().path("answer").asText()).isNotEmpty();
        assertThat(answer.json().has("conversation_id")).isFalse();
        assertThat(TEXT.requests())
                .filteredOn(request -> request.path().equals("/completion-messages"))
                .allMatch(request -> request.body().contains("\"user\":\"ada\""));
    }

    @Test
    void streamsATextInDifysFrames() {
        List<JsonNode> events = events(text.send(
                "POST", "completion-messages", "{\"inputs\":{\"topic\":\"a\"},\"response_mode\":\"streaming\"}"));

        assertThat(names(events)).contains("message").endsWith("message_end");
    }

    @Test
    void runsAWorkflowAsADocument() {
        Front.Answer answer = flow.send("POST", "workflows/run", "{\"inputs\":{\"order\":\"4711\"}}");

        assertThat(answer.status()).isEqualTo(200);
        JsonNode data = answer.json().path("data");
        assertThat(data.path("status").asText()).isEqualTo("succeeded");
        assertThat(data.path("outputs")).isNotEmpty();
        assertThat(answer.json().path("workflow_run_id").asText())
                .isEqualTo(data.path("id").asText());
    }

    @Test
    void streamsAWorkflowInDifysFrames() {
        List<JsonNode> events = events(flow.send(
                "POST", "workflows/run", "{\"inputs\":{\"order\":\"4711\"},\"response_mode\":\"streaming\"}"));

        assertThat(names(events)).startsWith("workflow_started").endsWith("workflow_finished");
    }

    @Test
    void runsACertainVersionOfAWorkflow() {
        String version = UUID.randomUUID().toString();

        flow.send("POST", "workflows/" + version + "/run", "{\"inputs\":{}}").assertIsProblem(404, "not_found");

        assertThat(FLOW.requests()).anyMatch(request -> request.path().equals("/workflows/" + version + "/run"));
    }

    @ParameterizedTest
    @CsvSource({"text, completion-messages, completion-messages", "flow, workflows/run, workflows/tasks"})
    void onlyWhoStartedARunStopsIt(String app, String start, String stop, PayaraServer server) throws IOException {
        DifySimulator dify = app.equals("text") ? TEXT : FLOW;
        String task = UUID.randomUUID().toString();
        String run = "\"workflow_run_id\":\"r\",\"task_id\":\"" + task + "\"";
        dify.nextAt(
                "POST",
                "/" + start,
                Script.stream()
                        .event("{\"event\":\"text_chunk\"," + run + ",\"data\":{\"text\":\"\"}}")
                        .awaitStop(PATIENCE)
                        .event("{\"event\":\"workflow_finished\"," + run + ",\"data\":{\"status\":\"stopped\"}}"));
        Front hers = Front.of(server, "runs", app, "ada");
        Front his = Front.of(server, "runs", app, "bob");
        String path = stop + "/" + task + "/stop";
        try (HttpConnection browser = new HttpConnection(server.port())) {
            String[] headers = hers.headers().toArray(String[]::new);
            browser.post(hers.app() + start, "{\"inputs\":{},\"response_mode\":\"streaming\"}", headers)
                    .readHead();
            browser.readChunkWith(task);

            Front.Answer refused = his.send("POST", path, "{\"user\":\"ada\"}");
            assertThat(refused.body()).isEqualTo("{\"result\":\"success\"}");
            assertThat(dify.requests()).noneMatch(request -> request.path().equals("/" + path));

            assertThat(hers.send("POST", path, "{}").body()).isEqualTo(refused.body());
            dify.awaitRequest(request -> request.path().equals("/" + path), PATIENCE);
            assertThat(browser.readChunkWith("workflow_finished").isLast()).isFalse();
        }
    }

    @Test
    void aFormBelongsToWhoseRunWaitsForIt() {
        Pause pause = pause();

        Front.Answer unknown = bob.get("form/human_input/" + "x".repeat(22));
        unknown.assertIsProblem(404, "not_found");
        assertThat(bob.get(pause.form()).body()).isEqualTo(unknown.body());
        assertThat(bob.send("POST", pause.form(), pause.filled()).body()).isEqualTo(unknown.body());
        assertThat(DESK.requests()).noneMatch(request -> request.path().contains(pause.token()));

        Front.Answer shown = ada.get(pause.form());
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.json().path("user_actions")).isNotEmpty();
    }

    @Test
    void aRunGoesOnWhenItsFormWasSent() {
        Pause pause = pause();
        JsonNode form = ada.get(pause.form()).json();
        Map<String, String> inputs = new LinkedHashMap<>();
        form.path("inputs")
                .forEach(input -> inputs.put(input.path("output_variable_name").asText(), "low"));

        Front.Answer sent = ada.send("POST", pause.form(), filled(form, inputs));
        assertThat(sent.body()).isEqualTo("{}");

        List<JsonNode> events = events(ada.get(pause.events() + "?include_state_snapshot=true"));
        assertThat(names(events)).contains("workflow_finished");
        ada.send("POST", pause.form(), pause.filled()).assertIsProblem(412, "human_input_form_submitted");
    }

    @Test
    void nobodyJoinsTheRunOfAnother() {
        Pause pause = pause();

        Front.Answer refused = bob.get(pause.events());

        refused.assertIsProblem(404, "not_found");
        assertThat(bob.get("workflow/" + UUID.randomUUID() + "/events").body()).isEqualTo(refused.body());
    }

    @Test
    void theEventsOfARunGiveItsFormBackAfterARestart(PayaraServer server) {
        Pause pause = pause();
        server.undeploy(WAR);
        server.deploy(WAR);
        ada.get(pause.form()).assertIsProblem(404, "not_found");

        ada.get("workflow/" + pause.run() + "/events?include_state_snapshot=true");

        assertThat(ada.get(pause.form()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion-messages", "workflows/run", "form/human_input/token", "audio-to-text"})
    void whatIsNotSwitchedOnIsNotThere(String path) {
        plain.send("POST", path, "{\"inputs\":{}}").assertIsProblem(404, "not_found");
        plain.get("workflow/" + UUID.randomUUID() + "/events").assertIsProblem(404, "not_found");
    }

    private static String filled(JsonNode form, Map<String, String> inputs) {
        String values = inputs.entrySet().stream()
                .map(input -> "\"" + input.getKey() + "\":\"" + input.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        String action = form.path("user_actions").get(0).path("id").asText();
        return "{\"inputs\":" + values + ",\"action\":\"" + action + "\"}";
    }

    /** A run that waits for a form. */
    private record Pause(String run, String token) {
        String form() {
            return "form/human_input/" + token;
        }

        String events() {
            return "workflow/" + run + "/events";
        }

        String filled() {
            return "{\"inputs\":{},\"action\":\"approve\"}";
        }
    }

    private Pause pause() {
        List<JsonNode> events = events(ada.send(
                "POST",
                "chat-messages",
                "{\"query\":\"Cancel order 4711\",\"inputs\":{},\"response_mode\":\"streaming\"}"));
        JsonNode asked = events.stream()
                .filter(event -> event.path("event").asText().equals("human_input_required"))
                .findFirst()
                .orElseThrow();
        return new Pause(
                asked.path("workflow_run_id").asText(),
                asked.path("data").path("form_token").asText());
    }

    private static List<JsonNode> events(Front.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.head().header("Content-Type")).startsWith("text/event-stream");
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Front.parse(line.substring("data: ".length())))
                .toList();
    }

    private static List<String> names(List<JsonNode> events) {
        return events.stream().map(event -> event.path("event").asText()).toList();
    }
}
