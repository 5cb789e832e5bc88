package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The two ways Dify writes JSON. Thread-safe. */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE).build();
    private static final ObjectWriter SPACED = MAPPER.writer(new PythonSpacing());
    private static final ObjectWriter PYTHON = SPACED.with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Without blanks, non-ASCII characters as they are: frames since 1.8.1. */
    static String compact(JsonNode json) {
        return write(MAPPER.writer(), json);
    }

    /** Python's {@code json.dumps}: blanks after comma and colon, everything in ASCII. All bodies; frames up to 1.8.0. */
    static String spaced(JsonNode json) {
        return write(PYTHON, json);
    }

    /** With blanks, non-ASCII characters as they are. */
    static String spacedUnicode(JsonNode json) {
        return write(SPACED, json);
    }

    /** Empty if the text is no JSON. */
    public static Optional<JsonNode> parse(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            return json.isMissingNode() ? Optional.empty() : Optional.of(json);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String write(ObjectWriter writer, JsonNode json) {
        try {
            return writer.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class PythonSpacing extends MinimalPrettyPrinter {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator out) throws IOException {
            out.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(", ");
        }
    }
}
