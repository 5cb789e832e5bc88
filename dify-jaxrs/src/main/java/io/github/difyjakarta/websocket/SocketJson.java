package io.github.difyjakarta.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.github.difyjakarta.client.json.Jackson;
import java.util.Map;

/** The JSON of frames. */
final class SocketJson {
    private static final ObjectWriter WRITER = Jackson.MAPPER.writer();
    private static final ObjectWriter ASCII = WRITER.with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private SocketJson() {}

    /**
     * The text of a frame.
     *
     * @param fields texts, numbers, booleans, nulls, maps and lists of these
     */
    static String of(Map<String, ?> fields) {
        try {
            String json = WRITER.writeValueAsString(fields);
            // Half a character (an emoji that a model's tokens cut in two) has no form in UTF-8, and would break the
            // socket; escaped, it is whole again as soon as the browser appends the other half.
            return hasHalfACharacter(json) ? ASCII.writeValueAsString(fields) : json;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and booleans always have a form in JSON", e);
        }
    }

    /** The two halves of a pair are one code point; a half that stands alone is one of its own kind. */
    private static boolean hasHalfACharacter(String json) {
        return json.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE);
    }
}
