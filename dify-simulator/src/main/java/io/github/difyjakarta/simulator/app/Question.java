package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What a request asks of the app, checked as far as that needs no knowledge of the past. Immutable.
 *
 * @param query empty where the app has none
 * @param conversationId empty for a new one
 * @param workflowId empty for the published one
 * @param named whether the conversation is given a title
 */
record Question(
        String query,
        ObjectNode inputs,
        boolean streaming,
        String conversationId,
        String workflowId,
        boolean named,
        String user) {

    private static final List<String> MODES = List.of("blocking", "streaming");

    static Question toChat(Call call, Settings settings) {
        String user = call.requiredUserOfBody();
        Modes.requireChat(settings);
        traceSession(call, settings);
        Validation fields = new Validation("ChatRequestPayload", call.body());
        JsonNode inputs = fields.object("inputs");
        String query = fields.text("query", true);
        String mode = mode(fields);
        String conversationId = fields.uuid("conversation_id", false, "conversation_id must be a valid UUID");
        String workflowId = fields.text("workflow_id", false);
        fields.objects("files");
        fields.check(settings.version());
        // The New Agent streams unless it is told not to, and then refuses.
        boolean streaming = mode.equals("streaming") || (mode.isEmpty() && settings.isNewAgent());
        boolean named = call.body().path("auto_generate_name").asBoolean(true);
        return new Question(query, (ObjectNode) inputs, streaming, conversationId, workflowId, named, user);
    }

    static Question toCompletion(Call call, Settings settings) {
        String user = call.requiredUserOfBody();
        Modes.requireCompletion(settings);
        traceSession(call, settings);
        Validation fields = new Validation("CompletionRequestPayload", call.body());
        JsonNode inputs = fields.object("inputs");
        String query = fields.text("query", false);
        String mode = mode(fields);
        fields.objects("files");
        fields.check(settings.version());
        return new Question(query, (ObjectNode) inputs, mode.equals("streaming"), "", "", false, user);
    }

    static Question toWorkflow(Call call, Settings settings, String workflowId) {
        String user = call.requiredUserOfBody();
        Modes.requireWorkflow(settings);
        traceSession(call, settings);
        Validation fields = new Validation("WorkflowRunPayload", call.body());
        JsonNode inputs = fields.object("inputs");
        String mode = mode(fields);
        fields.objects("files");
        fields.check(settings.version());
        return new Question("", (ObjectNode) inputs, mode.equals("streaming"), "", workflowId, false, user);
    }

    /** What the order desk is to answer: the query, or the first text of the inputs. */
    String text() {
        if (!query.isEmpty()) {
            return query;
        }
        return StreamSupport.stream(inputs.spliterator(), false)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst()
                .orElse("");
    }

    /** Refuses inputs that lack something. */
    void checkInputs(Settings settings) {
        for (String name : settings.behaviour().requiredInputs()) {
            JsonNode value = inputs.path(name);
            if (value.asText("").isEmpty() && !value.isContainerNode()) {
                throw Refusal.invalidParam(name + " is required in input form");
            }
        }
    }

    Question withInputs(ObjectNode others) {
        return new Question(query, others, streaming, conversationId, workflowId, named, user);
    }

    private static String mode(Validation fields) {
        return fields.choice("response_mode", MODES, "'blocking' or 'streaming'");
    }

    private static void traceSession(Call call, Settings settings) {
        if (!settings.version().isFrom(1, 15, 0)) {
            return;
        }
        Optional<String> session = call.request()
                .header("x-trace-session-id")
                .or(() -> Optional.ofNullable(call.query().get("trace_session_id")))
                .or(() -> Optional.of(call.body().path("trace_session_id"))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText))
                .map(String::strip);
        if (session.filter(text -> text.isEmpty() || text.length() > 200).isPresent()) {
            throw Refusal.of(400, "bad_request", "trace_session_id must be 1 to 200 characters after trimming.");
        }
    }
}
