package io.github.difyjakarta.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.github.difyjakarta.client.json.Jackson;
import io.github.difyjakarta.relay.RelayError;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a browser says in one message. Immutable. */
sealed interface ClientFrame {

    /**
     * A question. Of what Dify accepts, only what is named here is passed on; {@code user} above all is never read.
     *
     * @param query not blank
     * @param inputs for the app's form
     * @param conversation empty to go on with the one before
     */
    record Question(String query, Map<String, Object> inputs, Optional<Conversation> conversation)
            implements ClientFrame {}

    /**
     * The conversation that a question names.
     *
     * @param id a UUID; empty for a new one
     */
    record Conversation(Optional<String> id) {}

    /**
     * The answer is to be stopped.
     *
     * @param taskId empty for the one that runs
     */
    record Stop(Optional<String> taskId) implements ClientFrame {}

    /** Whether somebody is there. */
    record Ping() implements ClientFrame {}

    /** Nothing that means anything here. */
    record Bad(RelayError error) implements ClientFrame {}

    /** Reads a message. */
    static ClientFrame parse(String message) {
        JsonNode root;
        try {
            root = Reading.STRICT.readTree(message);
        } catch (JsonProcessingException e) {
            return new Bad(RelayError.of(400, "bad_request", "The message is not well-formed JSON."));
        }
        if (!root.isObject()) {
            return new Bad(RelayError.of(400, "bad_request", "The message must be a JSON object."));
        }
        return switch (root.path("type").asText("question")) {
            case "question" -> Reading.question(root);
            case "stop" -> new Stop(Optional.ofNullable(root.path("task_id").textValue()));
            case "ping" -> new Ping();
            default -> new Bad(RelayError.of(400, "bad_request", "The type must be question, stop or ping."));
        };
    }

    /** The words of a question one by one; with Dify's codes for what Dify would refuse as well. */
    final class Reading {
        private static final ObjectReader STRICT =
                Jackson.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

        private Reading() {}

        private static ClientFrame question(JsonNode root) {
            JsonNode query = root.path("query");
            if (!query.isTextual() || query.textValue().isBlank()) {
                return invalid("query is required and must be a text that is not empty");
            }
            JsonNode inputs = root.path("inputs");
            boolean none = inputs.isMissingNode() || inputs.isNull();
            if (!none && !inputs.isObject()) {
                return invalid("inputs must be an object");
            }
            if (!root.path("files").isEmpty()) {
                return invalid("files cannot be sent through this application");
            }
            JsonNode id = root.path("conversation_id");
            if (id.isMissingNode() || id.isNull()) {
                return question(query, none, inputs, Optional.empty());
            }
            try {
                Optional<String> named = Optional.of(id.asText().strip())
                        .filter(text -> !text.isEmpty())
                        .map(text -> UUID.fromString(text).toString());
                return question(query, none, inputs, Optional.of(new Conversation(named)));
            } catch (IllegalArgumentException e) {
                return invalid("conversation_id must be a UUID");
            }
        }

        private static Question question(
                JsonNode query, boolean none, JsonNode inputs, Optional<Conversation> conversation) {
            return new Question(
                    query.textValue(), none ? Map.of() : Jackson.MAPPER.convertValue(inputs, MAP), conversation);
        }

        private static Bad invalid(String message) {
            return new Bad(RelayError.of(400, "invalid_param", message));
        }
    }
}
