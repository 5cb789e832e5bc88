package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a paused run asks a human, and the answer once there is one. Confined to the event loop. */
final class Form {

    private static final Duration LIFE = Duration.ofHours(36);
    private static final List<String> INPUTS = List.of("comment", "level");

    /** What a human has decided. */
    record Submission(String actionId, String actionTitle, ObjectNode inputs) {}

    private final String id = UUID.randomUUID().toString();
    private final String token = UUID.randomUUID().toString().replace("-", "").substring(0, 22);
    private final Node node;
    private final String content;
    private final long expiresAt;
    private @Nullable Submission submission;

    Form(Node node, String topic, Instant now) {
        this.node = node;
        this.content = "Please review **" + topic + "**:\n\n{{#$output.comment#}}";
        this.expiresAt = now.plus(LIFE).getEpochSecond();
    }

    /** The key to the form, as good as a password. */
    String token() {
        return token;
    }

    Node node() {
        return node;
    }

    Optional<Submission> submission() {
        return Optional.ofNullable(submission);
    }

    /** Refuses what cannot be filled in any more. */
    void checkOpen(Instant now) {
        if (submission != null) {
            throw Refusal.of(
                    412,
                    "human_input_form_submitted",
                    "This form has already been submitted by another user, form_id=" + id);
        }
        if (now.getEpochSecond() >= expiresAt) {
            throw Refusal.of(412, "human_input_form_expired", "This form has expired, form_id=" + id);
        }
    }

    /** Takes the answer of a human; refuses one that does not fit. */
    void submit(String action, ObjectNode inputs) {
        String title =
                switch (action) {
                    case "approve" -> "Approve";
                    case "reject" -> "Reject";
                    default -> throw Refusal.of(400, "invalid_form_data", "Invalid action: " + action);
                };
        List<String> missing = INPUTS.stream().filter(name -> !inputs.has(name)).toList();
        if (!missing.isEmpty()) {
            throw Refusal.of(400, "invalid_form_data", "Missing required inputs: " + String.join(", ", missing));
        }
        submission = new Submission(action, title, inputs);
    }

    /** The data of {@code human_input_required}. */
    ObjectNode required() {
        ObjectNode data = definition().put("display_in_ui", true).put("form_token", token);
        data.putArray("approval_channels").add("console");
        data.putObject("resolved_default_values");
        return data.put("expiration_time", expiresAt);
    }

    /** The reason of {@code workflow_paused}. */
    ObjectNode reason() {
        ObjectNode reason = Json.object()
                .put("TYPE", "human_input_required")
                .put("form_id", id)
                .put("form_content", content);
        reason.set("inputs", inputs());
        reason.set("actions", actions());
        reason.put("node_id", node.id()).put("node_title", node.title()).putObject("resolved_default_values");
        reason.put("form_token", token).putArray("approval_channels").add("console");
        return reason.put("expiration_time", expiresAt);
    }

    /** What {@code GET /form/human_input/…} answers. */
    ObjectNode page() {
        ObjectNode page = Json.object().put("form_content", content);
        page.set("inputs", inputs());
        page.putObject("resolved_default_values");
        page.set("user_actions", actions());
        return page.put("expiration_time", expiresAt);
    }

    /** What the history shows of it beside the message. */
    ObjectNode extra(String runId) {
        ObjectNode extra = Json.object().put("workflow_run_id", runId).put("submitted", submission != null);
        ObjectNode definition = definition().put("display_in_ui", true);
        definition.put("form_token", submission == null ? token : null).putObject("resolved_default_values");
        extra.set("form_definition", definition.put("expiration_time", expiresAt));
        extra.set("form_submission_data", submission == null ? null : submitted(submission));
        return extra.put("type", "human_input");
    }

    /** What the node has to show for itself. */
    ObjectNode outputs(Submission decided) {
        ObjectNode outputs = decided.inputs().deepCopy();
        return outputs.put("__action_id", decided.actionId())
                .put("__action_value", decided.actionTitle())
                .put("__rendered_content", rendered(decided));
    }

    static ObjectNode inputs(Submission decided) {
        ObjectNode typed = Json.object();
        for (String name : INPUTS) {
            JsonNode value = decided.inputs().path(name);
            typed.putObject(name).put("value_type", "string").set("value", value);
        }
        return typed;
    }

    private ObjectNode submitted(Submission decided) {
        ObjectNode data = Json.object()
                .put("node_id", node.id())
                .put("node_title", node.title())
                .put("rendered_content", rendered(decided))
                .put("action_id", decided.actionId())
                .put("action_text", decided.actionTitle());
        data.set("submitted_data", decided.inputs());
        return data;
    }

    private String rendered(Submission decided) {
        return content.replace(
                "{{#$output.comment#}}", decided.inputs().path("comment").asText());
    }

    private ObjectNode definition() {
        ObjectNode data = Json.object()
                .put("form_id", id)
                .put("node_id", node.id())
                .put("node_title", node.title())
                .put("form_content", content);
        data.set("inputs", inputs());
        data.set("actions", actions());
        return data;
    }

    private static JsonNode inputs() {
        return Json.parse("""
                        [{"output_variable_name":"comment","type":"paragraph",
                          "default":{"type":"constant","selector":[],"value":"looks fine"}},
                         {"output_variable_name":"level","type":"select",
                          "option_source":{"type":"constant","selector":[],"value":["low","high"]}}]""").orElseThrow();
    }

    private static JsonNode actions() {
        return Json.parse("""
                        [{"id":"approve","title":"Approve","button_style":"primary"},
                         {"id":"reject","title":"Reject","button_style":"default"}]""").orElseThrow();
    }
}
