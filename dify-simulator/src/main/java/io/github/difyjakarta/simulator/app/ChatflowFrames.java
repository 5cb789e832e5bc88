package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Frames of a chatflow app that goes from a start node through a model to an answer. One per run; one thread. */
final class ChatflowFrames implements AnswerFrames {

    private static final String WORKFLOW_ID =
            UUID.nameUUIDFromBytes(new byte[] {1}).toString();
    private static final String APP_ID = UUID.nameUUIDFromBytes(new byte[] {2}).toString();

    /** One execution of one node. */
    private record Node(String execution, String id, String title) {
        static Node of(String id, String title) {
            return new Node(UUID.randomUUID().toString(), id, title);
        }
    }

    private final Message message;
    private final String taskId;
    private final int turn;
    private final Supplier<Instant> clock;
    private final Instant startedAt;
    private final String runId = UUID.randomUUID().toString();
    private final Node start = Node.of("start", "Start");
    private final Node llm = Node.of("llm", "LLM");
    private final Node answer = Node.of("answer", "Answer");

    /** Begins a run; the turn is its number in the conversation, from 1. */
    ChatflowFrames(Message message, String taskId, int turn, Supplier<Instant> clock) {
        this.message = message;
        this.taskId = taskId;
        this.turn = turn;
        this.clock = clock;
        this.startedAt = clock.get();
    }

    @Override
    public List<ObjectNode> opening() {
        ObjectNode outputs = message.inputs().deepCopy();
        return List.of(
                workflowStarted(),
                nodeStarted(start),
                nodeFinished(start, outputs.deepCopy(), Json.object(), outputs, null),
                nodeStarted(llm));
    }

    @Override
    public ObjectNode delta(String text) {
        ObjectNode frame = ChatFrames.envelope("message", message, taskId)
                .put("id", message.id())
                .put("answer", text);
        frame.putArray("from_variable_selector").add("llm").add("text");
        return frame;
    }

    @Override
    public List<ObjectNode> closing(String text, Usage usage) {
        return List.of(
                delta(""),
                delta(""),
                llmFinished(text, usage),
                nodeStarted(answer),
                nodeFinished(answer, Json.object(), Json.object(), answerOutputs(text), null),
                messageEnd(usage),
                workflowFinished("succeeded", answerOutputs(text), null, usage, 3));
    }

    /** No {@code message_end} since 1.13: the server closes first. */
    @Override
    public List<ObjectNode> stopped(Usage usage) {
        return List.of(workflowFinished("stopped", Json.object(), "Aborted: User requested stop", usage, 2));
    }

    private ObjectNode workflowStarted() {
        ObjectNode frame = envelope("workflow_started");
        ObjectNode data = frame.putObject("data").put("id", runId).put("workflow_id", WORKFLOW_ID);
        ObjectNode inputs = message.inputs().deepCopy();
        inputs.put("sys.query", message.query());
        inputs.putArray("sys.files");
        inputs.put("sys.user_id", message.user())
                .put("sys.dialogue_count", turn)
                .put("sys.app_id", APP_ID)
                .put("sys.workflow_id", WORKFLOW_ID)
                .put("sys.workflow_run_id", runId);
        data.set("inputs", inputs);
        data.put("created_at", startedAt.getEpochSecond()).put("reason", "initial");
        return frame;
    }

    private ObjectNode nodeStarted(Node node) {
        ObjectNode frame = envelope("node_started");
        ObjectNode data = node(frame, node).putNull("inputs").put("inputs_truncated", false);
        data.put("created_at", now()).putObject("extras");
        data.putNull("iteration_id").putNull("loop_id").putNull("agent_strategy");
        return frame;
    }

    private ObjectNode nodeFinished(
            Node node, ObjectNode inputs, ObjectNode process, ObjectNode outputs, @Nullable ObjectNode execution) {
        ObjectNode frame = envelope("node_finished");
        ObjectNode data = node(frame, node);
        data.set("inputs", inputs);
        data.put("inputs_truncated", false).set("process_data", process);
        data.put("process_data_truncated", false).set("outputs", outputs);
        data.put("outputs_truncated", false).put("status", "succeeded").putNull("error");
        data.put("elapsed_time", 0.0002).set("execution_metadata", execution);
        data.put("created_at", now()).put("finished_at", now()).putArray("files");
        data.putNull("iteration_id").putNull("loop_id");
        return frame;
    }

    private ObjectNode llmFinished(String text, Usage usage) {
        ObjectNode inputs = Json.object().put("model_provider", "simulator").put("model_name", "order-desk");
        ObjectNode process = Json.object().put("model_mode", "chat");
        process.putArray("prompts")
                .addObject()
                .put("role", "user")
                .put("text", message.query())
                .putArray("files");
        process.set("usage", usage.json());
        process.put("finish_reason", "stop").setAll(inputs);
        ObjectNode outputs = Json.object().put("text", text).put("reasoning_content", "");
        outputs.set("usage", usage.json());
        outputs.put("finish_reason", "stop");
        ObjectNode execution = Json.object()
                .put("total_tokens", usage.totalTokens())
                .put("total_price", usage.totalPrice())
                .put("currency", "USD");
        return nodeFinished(llm, inputs, process, outputs, execution);
    }

    private ObjectNode messageEnd(Usage usage) {
        ObjectNode frame = ChatFrames.envelope("message_end", message, taskId).put("id", message.id());
        ObjectNode metadata = frame.putObject("metadata");
        metadata.putNull("annotation_reply").putArray("retriever_resources");
        metadata.set("usage", usage.json());
        metadata.putObject("reasoning");
        frame.putArray("files");
        return frame;
    }

    private ObjectNode workflowFinished(
            String status, ObjectNode outputs, @Nullable String error, Usage usage, int steps) {
        ObjectNode frame = envelope("workflow_finished");
        ObjectNode data = frame.putObject("data")
                .put("id", runId)
                .put("workflow_id", WORKFLOW_ID)
                .put("status", status);
        data.set("outputs", outputs);
        data.put("error", error)
                .put("elapsed_time", usage.latency())
                .put("total_tokens", usage.totalTokens())
                .put("total_steps", steps);
        data.putObject("created_by")
                .put(
                        "id",
                        UUID.nameUUIDFromBytes(message.user().getBytes(StandardCharsets.UTF_8))
                                .toString())
                .put("user", message.user());
        data.put("created_at", startedAt.getEpochSecond())
                .put("finished_at", now())
                .put("exceptions_count", 0)
                .putArray("files");
        return frame;
    }

    private static ObjectNode answerOutputs(String text) {
        ObjectNode outputs = Json.object().put("answer", text);
        outputs.putArray("files");
        return outputs;
    }

    /** Live frames always have index 1 and no predecessor (1.16.0). */
    private static ObjectNode node(ObjectNode frame, Node node) {
        return frame.putObject("data")
                .put("id", node.execution())
                .put("node_id", node.id())
                .put("node_type", node.id())
                .put("title", node.title())
                .put("index", 1)
                .putNull("predecessor_node_id");
    }

    private ObjectNode envelope(String event) {
        return ChatFrames.envelope(event, message, taskId).put("workflow_run_id", runId);
    }

    private long now() {
        return clock.get().getEpochSecond();
    }
}
