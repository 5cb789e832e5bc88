package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.chat.ChatRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The body of {@code POST /chat-messages} as a browser sends it. Of what Dify accepts, only what is named here is passed on;
 * {@code user} above all is never read: it is the caller.
 *
 * @param query the question
 * @param run inputs, files, and how the answer is to come
 * @param conversationId to go on with
 * @param autoGenerateName whether a new conversation gets a name made up
 */
record ChatBody(String query, RunBody run, Optional<String> conversationId, Optional<Boolean> autoGenerateName) {
    /**
     * Reads and checks a body.
     *
     * @param maxBytes see {@link JsonBody#read}
     * @param rules for the files that it names
     * @throws Problem with Dify's codes, when it is not what Dify would accept
     */
    static ChatBody read(InputStream stream, int maxBytes, FileRules rules) throws IOException {
        JsonNode root = JsonBody.read(stream, maxBytes);
        return new ChatBody(query(root), RunBody.of(root, rules), conversation(root), autoGenerateName(root));
    }

    private static String query(JsonNode root) {
        JsonNode query = root.path("query");
        if (!query.isTextual() || query.textValue().isEmpty()) {
            throw JsonBody.invalid("query is required and must be a text");
        }
        return query.textValue();
    }

    private static Optional<String> conversation(JsonNode root) {
        String id = root.path("conversation_id").asText("").strip();
        if (id.isEmpty() || id.equals("null")) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(id).toString());
        } catch (IllegalArgumentException e) {
            throw JsonBody.invalid("conversation_id must be a UUID");
        }
    }

    private static Optional<Boolean> autoGenerateName(JsonNode root) {
        JsonNode autoName = root.path("auto_generate_name");
        return autoName.isBoolean() ? Optional.of(autoName.booleanValue()) : Optional.empty();
    }

    ChatRequest toRequest(String user) {
        return new ChatRequest(
                user, query, conversationId, run.inputs(), run.files(), autoGenerateName, Optional.empty(), Map.of());
    }
}
