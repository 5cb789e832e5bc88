package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The events of one run as they happen. What happens to a node is noted in it. One per run, one thread. */
final class RunFrames {

    private final Run run;
    private final Supplier<Instant> clock;
    private long startedAt;

    RunFrames(Run run, Supplier<Instant> clock) {
        this.run = run;
        this.clock = clock;
        this.startedAt = run.createdAt();
    }

    /** With the reason {@code initial} or {@code resumption}. */
    ObjectNode started(String reason) {
        startedAt = reason.equals("initial") ? run.createdAt() : now();
        ObjectNode frame = envelope("workflow_started");
        ObjectNode data = frame.putObject("data").put("id", run.id()).put("workflow_id", Run.WORKFLOW_ID);
        data.set("inputs", run.systemInputs(false));
        data.put("created_at", startedAt).put("reason", reason);
        return frame;
    }

    ObjectNode nodeStarted(Node node) {
        node.started(now());
        ObjectNode frame = envelope("node_started");
        ObjectNode data = node(frame, node).putNull("inputs").put("inputs_truncated", false);
        data.put("created_at", node.createdAt()).putObject("extras");
        data.putNull("iteration_id").putNull("loop_id").putNull("agent_strategy");
        return frame;
    }

    /** Of a node that neither thinks nor costs. */
    ObjectNode nodeFinished(Node node, ObjectNode inputs, ObjectNode outputs) {
        return nodeFinished(node, "succeeded", null, inputs, Json.object(), outputs, null);
    }

    /** Of the model's node. */
    ObjectNode llmFinished(Node node, String prompt, String text, Usage usage) {
        ObjectNode outputs = Json.object().put("text", text).put("reasoning_content", "");
        outputs.set("usage", usage.json());
        outputs.put("finish_reason", "stop");
        ObjectNode execution = Json.object()
                .put("total_tokens", usage.totalTokens())
                .put("total_price", usage.totalPrice())
                .put("currency", "USD");
        ObjectNode process = process(prompt);
        process.set("usage", usage.json());
        process.put("finish_reason", "stop").setAll(model());
        return nodeFinished(node, "succeeded", null, model(), process, outputs, execution);
    }

    ObjectNode llmFailed(Node node, String prompt, String error) {
        ObjectNode process = process(prompt);
        process.setAll(model());
        return nodeFinished(node, "failed", error, model(), process, Json.object(), null);
    }

    /** A piece of the text, and the variable it is from. */
    ObjectNode delta(String text, String node, String variable) {
        Message message = run.message().orElse(null);
        if (message == null) {
            ObjectNode frame = envelope("text_chunk");
            frame.putObject("data")
                    .put("text", text)
                    .putArray("from_variable_selector")
                    .add(node)
                    .add(variable);
            return frame;
        }
        ObjectNode frame = ChatFrames.envelope("message", message, run.taskId())
                .put("id", message.id())
                .put("answer", text);
        frame.putArray("from_variable_selector").add(node).add(variable);
        return frame;
    }

    ObjectNode formRequired(Form form) {
        ObjectNode frame = envelope("human_input_required");
        frame.set("data", form.required());
        return frame;
    }

    ObjectNode paused(Form form) {
        ObjectNode frame = envelope("workflow_paused");
        ObjectNode data = frame.putObject("data").put("workflow_run_id", run.id());
        data.putArray("paused_nodes").add(form.node().id());
        data.putObject("outputs");
        data.putArray("reasons").add(form.reason());
        data.put("status", "paused")
                .put("created_at", startedAt)
                .put("elapsed_time", run.elapsed())
                .put("total_tokens", 0)
                .put("total_steps", run.nodes().size());
        return frame;
    }

    /** Of a chatflow. */
    ObjectNode messageEnd(Message message, Usage usage) {
        ObjectNode frame = ChatFrames.messageEnd(message, run.taskId(), usage);
        ObjectNode metadata = Json.object().putNull("annotation_reply");
        metadata.setAll((ObjectNode) frame.path("metadata"));
        frame.set("metadata", metadata);
        // Those of the answer, not those of the question as in a chat.
        frame.putArray("files");
        return frame;
    }

    ObjectNode finished() {
        ObjectNode frame = envelope("workflow_finished");
        ObjectNode data = frame.putObject("data")
                .put("id", run.id())
                .put("workflow_id", Run.WORKFLOW_ID)
                .put("status", run.status());
        data.set("outputs", run.outputs());
        data.put("error", run.error().orElse(null))
                .put("elapsed_time", run.elapsed())
                .put("total_tokens", run.totalTokens())
                .put("total_steps", run.nodes().size());
        data.set("created_by", run.createdBy());
        data.put("created_at", startedAt)
                .put("finished_at", run.finishedAt())
                .put("exceptions_count", run.exceptions())
                .putArray("files");
        return frame;
    }

    private ObjectNode nodeFinished(
            Node node,
            String status,
            @Nullable String error,
            ObjectNode inputs,
            ObjectNode process,
            ObjectNode outputs,
            @Nullable ObjectNode execution) {
        node.ended(status, now());
        ObjectNode frame = envelope("node_finished");
        ObjectNode data = node(frame, node);
        data.set("inputs", inputs);
        data.put("inputs_truncated", false).set("process_data", process);
        data.put("process_data_truncated", false).set("outputs", outputs);
        data.put("outputs_truncated", false).put("status", status).put("error", error);
        data.put("elapsed_time", 0.0002).set("execution_metadata", execution);
        data.put("created_at", node.createdAt())
                .put("finished_at", node.finishedAt())
                .putArray("files")
                .addAll(Attachment.among(outputs));
        data.putNull("iteration_id").putNull("loop_id");
        return frame;
    }

    private static ObjectNode model() {
        return Json.object().put("model_provider", "simulator").put("model_name", "order-desk");
    }

    private static ObjectNode process(String prompt) {
        ObjectNode process = Json.object().put("model_mode", "chat");
        process.putArray("prompts")
                .addObject()
                .put("role", "user")
                .put("text", prompt)
                .putArray("files");
        return process;
    }

    /** Live frames always have index 1 and no predecessor (1.16.0). */
    private static ObjectNode node(ObjectNode frame, Node node) {
        return frame.putObject("data")
                .put("id", node.execution())
                .put("node_id", node.id())
                .put("node_type", node.type())
                .put("title", node.title())
                .put("index", 1)
                .putNull("predecessor_node_id");
    }

    ObjectNode envelope(String event) {
        return run.message()
                .map(message ->
                        ChatFrames.envelope(event, message, run.taskId()).put("workflow_run_id", run.id()))
                .orElseGet(() -> Json.object()
                        .put("event", event)
                        .put("workflow_run_id", run.id())
                        .put("task_id", run.taskId()));
    }

    private long now() {
        return clock.get().getEpochSecond();
    }
}
