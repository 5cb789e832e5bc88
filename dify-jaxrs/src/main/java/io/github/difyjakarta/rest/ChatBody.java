package io.github.difyjakarta.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.chat.ChatRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The body of {@code POST /chat-messages} as a browser sends it. Of what Dify accepts, only what is named here is passed on;
 * {@code user} above all is never read: it is the caller.
 *
 * @param query the question
 * @param inputs for the app's form
 * @param conversationId to go on with
 * @param streaming whether {@code response_mode} asks for a stream; Dify's default is a document
 * @param autoGenerateName whether a new conversation gets a name made up
 */
record ChatBody(
        String query,
        Map<String, Object> inputs,
        Optional<String> conversationId,
        boolean streaming,
        Optional<Boolean> autoGenerateName) {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /**
     * Reads and checks a body.
     *
     * @param maxBytes see {@link JsonBody#read}
     * @throws Problem with Dify's codes, when it is not what Dify would accept
     */
    static ChatBody read(InputStream stream, int maxBytes) throws IOException {
        JsonNode root = JsonBody.read(stream, maxBytes);
        return new ChatBody(query(root), inputs(root), conversation(root), streaming(root), autoGenerateName(root));
    }

    private static String query(JsonNode root) {
        JsonNode query = root.path("query");
        if (!query.isTextual() || query.textValue().isEmpty()) {
            throw JsonBody.invalid("query is required and must be a text");
        }
        return query.textValue();
    }

    private static Map<String, Object> inputs(JsonNode root) {
        JsonNode inputs = root.path("inputs");
        if (inputs.isMissingNode() || inputs.isNull()) {
            return Map.of();
        }
        if (!inputs.isObject()) {
            throw JsonBody.invalid("inputs must be an object");
        }
        return Json.MAPPER.convertValue(inputs, MAP);
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

    private static boolean streaming(JsonNode root) {
        return switch (root.path("response_mode").asText("blocking")) {
            case "streaming" -> true;
            case "blocking", "null" -> false;
            default -> throw JsonBody.invalid("response_mode must be streaming or blocking");
        };
    }

    private static Optional<Boolean> autoGenerateName(JsonNode root) {
        if (root.path("files").size() > 0) {
            throw JsonBody.invalid("files cannot be sent through this application");
        }
        JsonNode autoName = root.path("auto_generate_name");
        return autoName.isBoolean() ? Optional.of(autoName.booleanValue()) : Optional.empty();
    }

    ChatRequest toRequest(String user) {
        return new ChatRequest(
                user, query, conversationId, inputs, List.of(), autoGenerateName, Optional.empty(), Map.of());
    }
}
