package io.github.difyjakarta.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.file.InputFile;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.Jackson;
import java.util.List;
import java.util.Map;

/**
 * What the bodies of all requests have in common that a model answers. {@code user} is never read: it is the caller.
 *
 * @param inputs for the app's form
 * @param files that belong to the question
 * @param streaming whether {@code response_mode} asks for a stream; Dify's default is a document
 * @param characters of the inputs as JSON, for an estimate of what an answer to them costs
 */
record RunBody(Map<String, Object> inputs, List<InputFile> files, boolean streaming, int characters) {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /**
     * Checks a body.
     *
     * @throws Problem 400 {@code invalid_param}, when it is not what Dify would accept, or names files that may not be named
     */
    static RunBody of(JsonNode root, FileRules rules) {
        JsonNode inputs = root.path("inputs");
        boolean absent = inputs.isMissingNode() || inputs.isNull();
        if (!absent && !inputs.isObject()) {
            throw JsonBody.invalid("inputs must be an object");
        }
        rules.checkInputs(inputs);
        Map<String, Object> fields = absent ? Map.of() : Jackson.MAPPER.convertValue(inputs, MAP);
        return new RunBody(fields, rules.files(root.path("files")), streaming(root), characters(fields));
    }

    /** By our own mapper: that behind {@code JsonNode.toString()} leaves buffers, and so our classes, to the server's threads. */
    private static int characters(Map<String, Object> fields) {
        if (fields.isEmpty()) {
            return 0;
        }
        int characters = 0;
        for (byte unit : DifyJson.write(fields)) {
            if ((unit & 0b1100_0000) != 0b1000_0000) { // the first byte of a character
                characters++;
            }
        }
        return characters;
    }

    private static boolean streaming(JsonNode root) {
        return switch (root.path("response_mode").asText("blocking")) {
            case "streaming" -> true;
            case "blocking", "null" -> false;
            default -> throw JsonBody.invalid("response_mode must be streaming or blocking");
        };
    }
}
