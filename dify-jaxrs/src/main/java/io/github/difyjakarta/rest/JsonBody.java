package io.github.difyjakarta.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.github.difyjakarta.client.json.Jackson;
import io.github.difyjakarta.relay.RelayError;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bodies of requests, and what is wrong with them in Dify's codes. Numbers stay as they came. */
final class JsonBody {
    private static final ObjectReader READER =
            Jackson.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonBody() {}

    /**
     * Reads a JSON object.
     *
     * @param maxBytes of the body; one more is refused without reading on
     * @throws Problem 413, or 400 for what is no JSON object
     */
    static JsonNode read(InputStream stream, int maxBytes) throws IOException {
        byte[] bytes = stream.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new Problem(
                    RelayError.of(413, "request_too_large", "The request is larger than " + maxBytes + " bytes."));
        }
        JsonNode root;
        try {
            root = READER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new Problem(RelayError.of(400, "bad_request", "The request is not well-formed JSON."), e);
        }
        if (root == null || !root.isObject()) {
            throw new Problem(RelayError.of(400, "bad_request", "The request must be a JSON object."));
        }
        return root;
    }

    /** A text; empty where it is absent or null. */
    static Optional<String> text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw invalid(field, "Input should be a valid string");
        }
        return Optional.of(value.textValue());
    }

    /** Any value as plain Java: map, list, text, number, boolean or null. */
    static @Nullable Object plain(JsonNode value) {
        return Jackson.MAPPER.convertValue(value, Object.class);
    }

    /** A parameter that Dify would refuse as well. */
    static Problem invalid(String field, String message) {
        return invalid(field + ": " + message);
    }

    static Problem invalid(String message) {
        return new Problem(RelayError.of(400, "invalid_param", message));
    }
}
