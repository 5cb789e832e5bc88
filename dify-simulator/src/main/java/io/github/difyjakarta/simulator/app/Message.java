package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
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
    private Usage usage = new Usage(0, 0, 0, -1);
    private @Nullable String rating;

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

    void answered(String text, Usage cost) {
        answer = text;
        usage = cost;
    }

    boolean isRated() {
        return rating != null;
    }

    /** Null takes the rating back. */
    void rate(@Nullable String newRating) {
        rating = newRating;
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("id", id)
                .put("conversation_id", conversationId)
                .put("parent_message_id", parentId);
        json.set("inputs", inputs);
        json.put("query", query).put("answer", answer);
        json.set("feedback", rating == null ? null : Json.object().put("rating", rating));
        json.set("retriever_resources", Json.array());
        json.put("created_at", createdAt);
        json.set("agent_thoughts", Json.array());
        json.set("message_files", Json.array());
        json.put("message_tokens", usage.promptTokens())
                .put("answer_tokens", usage.completionTokens())
                .put("provider_response_latency", usage.latency())
                .put("total_price", usage.totalPrice())
                .put("currency", "USD")
                .put("status", "normal")
                .putNull("error");
        json.set("extra_contents", Json.array());
        return json.put("total_tokens", usage.totalTokens());
    }
}
