package io.github.difyjakarta.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.app.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** JSON without its values: the keys in their order and the types. */
final class Shape {

    /** Free-form objects: what is in them depends on the app, not on Dify. */
    private static final Set<String> FREE = Set.of(
            "inputs", "outputs", "process_data", "user_input_form", "allowed_file_types", "allowed_file_extensions");

    private Shape() {}

    static String text(String json, String field) {
        return Json.parse(json).orElseThrow().path(field).asText();
    }

    static String of(String json) {
        return json.isEmpty() ? "" : of(Json.parse(json).orElseThrow());
    }

    /** One line for each run of frames that look the same. */
    static List<String> ofStream(List<String> chunks) {
        List<String> shapes = new ArrayList<>();
        for (String chunk : chunks) {
            String shape = chunk;
            if (chunk.startsWith("data: ")) {
                String json = chunk.substring("data: ".length());
                shape = text(json, "event") + " " + of(json);
            }
            if (shapes.isEmpty() || !shapes.get(shapes.size() - 1).equals(shape)) {
                shapes.add(shape);
            }
        }
        return shapes;
    }

    private static String of(JsonNode json) {
        if (json.isArray()) {
            return json.isEmpty() ? "[]" : "[" + of(json.get(0)) + "]";
        }
        if (json.isObject()) {
            StringJoiner members = new StringJoiner(", ", "{", "}");
            json.properties()
                    .forEach(member -> members.add(
                            member.getKey() + " " + (FREE.contains(member.getKey()) ? "*" : of(member.getValue()))));
            return members.toString();
        }
        // 0 and 0.0 are both a number of seconds.
        return json.getNodeType().name();
    }
}
