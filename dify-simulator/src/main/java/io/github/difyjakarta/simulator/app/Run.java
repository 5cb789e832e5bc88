package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of a workflow or chatflow as Dify stores it. Confined to the event loop. */
final class Run {

    /** The one published version of the app. */
    static final String WORKFLOW_ID =
            UUID.nameUUIDFromBytes("workflow".getBytes(StandardCharsets.UTF_8)).toString();

    private static final String WORKFLOW_VERSION = "2026-11-24 02:22:25.281193";

    private final String id = UUID.randomUUID().toString();
    private final String taskId = UUID.randomUUID().toString();
    private final String logId = UUID.randomUUID().toString();
    private final String user;
    private final ObjectNode inputs;
    private final List<Attachment> files;
    private final @Nullable Message message;
    private final long createdAt;
    private final long startedNanos = System.nanoTime();
    private final List<Node> nodes = new ArrayList<>();
    private int turn;
    private String status = "running";
    private ObjectNode outputs = Json.object();
    private @Nullable String error;
    private @Nullable Form form;
    private long finishedAt;
    private double elapsed;
    private int totalTokens;

    /** Of a workflow, with what Dify calls its system files. */
    Run(String user, ObjectNode inputs, List<Attachment> files, Instant now) {
        this(user, inputs, files, null, 0, now);
    }

    /** Of a chatflow; the turn is its number in the conversation, from 1. */
    Run(Message message, ObjectNode inputs, int turn, Instant now) {
        this(message.user(), inputs, message.files(), message, turn, now);
    }

    private Run(
            String user, ObjectNode inputs, List<Attachment> files, @Nullable Message message, int turn, Instant now) {
        this.user = user;
        this.inputs = inputs;
        this.files = List.copyOf(files);
        this.message = message;
        this.turn = turn;
        this.createdAt = now.getEpochSecond();
    }

    String id() {
        return id;
    }

    String taskId() {
        return taskId;
    }

    String user() {
        return user;
    }

    ObjectNode inputs() {
        return inputs.deepCopy();
    }

    /** Only a chatflow has one. */
    Optional<Message> message() {
        return Optional.ofNullable(message);
    }

    long createdAt() {
        return createdAt;
    }

    String status() {
        return status;
    }

    ObjectNode outputs() {
        return outputs.deepCopy();
    }

    Optional<String> error() {
        return Optional.ofNullable(error);
    }

    long finishedAt() {
        return finishedAt;
    }

    double elapsed() {
        return elapsed;
    }

    int totalTokens() {
        return totalTokens;
    }

    /** Nodes so far, in their order. */
    List<Node> nodes() {
        return nodes;
    }

    Optional<Form> form() {
        return Optional.ofNullable(form);
    }

    boolean isOver() {
        return !status.equals("running") && !isPaused();
    }

    boolean isPaused() {
        return status.equals("paused");
    }

    int exceptions() {
        return status.equals("failed") ? 1 : 0;
    }

    Node add(Node node) {
        nodes.add(node);
        return node;
    }

    void paused(Form waitingFor) {
        status = "paused";
        form = waitingFor;
        elapsed = age();
    }

    /** To Dify this is one more turn of the conversation. */
    void resumed() {
        status = "running";
        turn++;
    }

    void ended(String how, ObjectNode result, @Nullable String why, int tokens, Instant now) {
        status = how;
        outputs = result;
        error = why;
        totalTokens = tokens;
        finishedAt = now.getEpochSecond();
        elapsed = age();
    }

    /** The inputs with what Dify adds; the time of the start is only in what is stored. */
    ObjectNode systemInputs(boolean stored) {
        ObjectNode all = inputs();
        message().ifPresent(question -> all.put("sys.query", question.query()));
        all.putArray("sys.files").addAll(files.stream().map(Attachment::input).toList());
        all.put("sys.user_id", user);
        message().ifPresent(question -> all.put("sys.dialogue_count", turn));
        all.put("sys.app_id", Modes.APP_ID);
        if (stored && message().isEmpty()) {
            all.put("sys.timestamp", createdAt);
        }
        return all.put("sys.workflow_id", WORKFLOW_ID).put("sys.workflow_run_id", id);
    }

    /** What {@code GET /workflows/run/…} answers: steps and time are filled in at the end. */
    ObjectNode detail() {
        boolean running = status.equals("running");
        ObjectNode detail = Json.object()
                .put("id", id)
                .put("workflow_id", WORKFLOW_ID)
                .put("status", status)
                .put("inputs", Json.spaced(systemInputs(true)));
        detail.set("outputs", outputs());
        detail.put("error", error)
                .put("total_steps", running ? 0 : nodes.size())
                .put("total_tokens", totalTokens)
                .put("created_at", createdAt)
                .put("finished_at", isOver() ? (Long) finishedAt : null);
        return detail.put("elapsed_time", isOver() ? elapsed : 0.0);
    }

    /** One row of {@code GET /workflows/logs}. */
    ObjectNode logRow() {
        ObjectNode row = Json.object().put("id", logId);
        row.putObject("workflow_run")
                .put("id", id)
                .put("version", WORKFLOW_VERSION)
                .put("status", status)
                .put("triggered_from", "app-run")
                .put("error", error)
                .put("elapsed_time", isOver() ? elapsed : 0.0)
                .put("total_tokens", totalTokens)
                .put("total_steps", nodes.size())
                .put("created_at", createdAt)
                .put("finished_at", isOver() ? (Long) finishedAt : null)
                .put("exceptions_count", exceptions());
        row.putNull("details")
                .put("created_from", "service-api")
                .put("created_by_role", "end_user")
                .putNull("created_by_account");
        row.putObject("created_by_end_user")
                .put("id", EndUsers.id(user))
                .put("type", "service-api")
                .put("is_anonymous", false)
                .put("session_id", user);
        return row.put("created_at", createdAt);
    }

    /** Whether the text is in what went in or came out, or is the user. */
    boolean mentions(String text) {
        return Json.compact(inputs).contains(text) || Json.compact(outputs).contains(text) || user.contains(text);
    }

    ObjectNode createdBy() {
        return Json.object().put("id", EndUsers.id(user)).put("user", user);
    }

    private double age() {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
