package io.github.difyjakarta.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A question to a chat, agent or chatflow app: the body of {@code POST /chat-messages}.
 *
 * @param user who asks; part of the conversation's identity at Dify. Not empty
 * @param query the question; not empty
 * @param conversationId to go on with; empty begins a new one
 * @param inputs values for the app's input form, JSON-like: texts, numbers, booleans, lists, maps
 * @param extra further fields of the body, such as {@code files}, {@code auto_generate_name} or {@code workflow_id}; the
 *     fields above win
 */
public record ChatRequest(
        String user,
        String query,
        Optional<String> conversationId,
        Map<String, Object> inputs,
        Map<String, Object> extra) {
    public ChatRequest {
        if (user.isBlank()) {
            throw new IllegalArgumentException("user must not be blank");
        }
        if (query.isEmpty()) {
            throw new IllegalArgumentException("query must not be empty");
        }
        inputs = new LinkedHashMap<>(inputs);
        extra = new LinkedHashMap<>(extra);
    }

    /** A first question without inputs. */
    public static ChatRequest of(String user, String query) {
        return new ChatRequest(user, query, Optional.empty(), Map.of(), Map.of());
    }

    /** The same question in a conversation that exists. */
    public ChatRequest inConversation(String id) {
        return new ChatRequest(user, query, Optional.of(id), inputs, extra);
    }

    /** The same question with inputs. */
    public ChatRequest withInputs(Map<String, Object> values) {
        return new ChatRequest(user, query, conversationId, values, extra);
    }

    Map<String, Object> toBody(String responseMode) {
        Map<String, Object> body = new LinkedHashMap<>(extra);
        body.put("query", query);
        body.put("inputs", inputs);
        body.put("response_mode", responseMode);
        body.put("user", user);
        conversationId.ifPresentOrElse(id -> body.put("conversation_id", id), () -> body.remove("conversation_id"));
        return body;
    }

    /** Size only: what a user asks belongs in no log. */
    @Override
    public String toString() {
        return "ChatRequest[" + query.length() + " characters]";
    }
}
