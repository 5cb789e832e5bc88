package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One turn: a question and, once it is complete or was stopped, its answer. Confined to the event loop. */
final class Message {

    private static final String NO_PARENT = "00000000-0000-0000-0000-000000000000";

    private final String id;
    private final String conversationId;
    private final String parentId;
    private final String user;
    private final JsonNode inputs;
    private final String query;
    private final long createdAt;
    private String answer = "";
    private Usage usage = Usage.stopped(Duration.ZERO);
    private String status = "normal";
    private @Nullable String error;
    private @Nullable Form form;
    private String runId = "";
    private List<Attachment> files = List.of();
    private @Nullable Feedback feedback;

    Message(String id, Conversation conversation, String parentId, JsonNode inputs, String query, Instant now) {
        this.id = id;
        this.conversationId = conversation.id();
        this.user = conversation.user();
        this.parentId = parentId.isEmpty() ? NO_PARENT : parentId;
        this.inputs = inputs;
        this.query = query;
        this.createdAt = now.getEpochSecond();
    }

    String id() {
        return id;
    }

    String conversationId() {
        return conversationId;
    }

    String user() {
        return user;
    }

    String query() {
        return query;
    }

    JsonNode inputs() {
        return inputs;
    }

    String answer() {
        return answer;
    }

    long createdAt() {
        return createdAt;
    }

    Usage usage() {
        return usage;
    }

    void answered(String text, Usage cost) {
        answer = text;
        usage = cost;
        status = "normal";
    }

    /** The run broke off. */
    void failed(String text, String why) {
        answered(text, usage);
        status = "error";
        error = why;
    }

    /** The run goes on once a human has filled in the form. */
    void waitsFor(Form question, String questionsRun, String text) {
        answered(text, usage);
        status = "paused";
        form = question;
        runId = questionsRun;
    }

    List<Attachment> files() {
        return files;
    }

    void attach(List<Attachment> attachments) {
        files = List.copyOf(attachments);
    }

    Optional<Feedback> feedback() {
        return Optional.ofNullable(feedback);
    }

    /** Null takes it back. */
    void feedback(@Nullable Feedback newFeedback) {
        feedback = newFeedback;
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("id", id)
                .put("conversation_id", conversationId)
                .put("parent_message_id", parentId);
        json.set("inputs", inputs);
        json.put("query", query).put("answer", answer);
        json.set("feedback", feedback == null ? null : Json.object().put("rating", feedback.rating()));
        json.set("retriever_resources", Json.array());
        json.put("created_at", createdAt);
        json.set("agent_thoughts", Json.array());
        json.putArray("message_files")
                .addAll(files.stream().map(Attachment::history).toList());
        json.put("message_tokens", usage.promptTokens())
                .put("answer_tokens", usage.completionTokens())
                .put("provider_response_latency", usage.latency())
                .put("total_price", usage.totalPrice())
                .put("currency", "USD")
                .put("status", status)
                .put("error", error);
        ArrayNode extras = json.putArray("extra_contents");
        if (form != null) {
            extras.add(form.extra(runId));
        }
        return json.put("total_tokens", usage.totalTokens());
    }
}
