package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Collects what is wrong with a body or a query and says it in Pydantic's words. Pure, one thread. */
final class Validation {

    private static final String HELP = "\n    For further information visit https://errors.pydantic.dev/2.12/v/";

    private final String model;
    private final JsonNode input;
    private final List<String> errors = new ArrayList<>();

    /** Names the class on Dify's side, which is part of the message. */
    Validation(String model, JsonNode input) {
        this.model = model;
        this.input = input;
    }

    static Validation ofQuery(String model, Map<String, String> query) {
        var input = Json.object();
        query.forEach(input::put);
        return new Validation(model, input);
    }

    /** Text of a field; empty if it is missing or null, and a mistake if it is required then. */
    String text(String field, boolean required) {
        JsonNode value = input.path(field);
        if (value.isMissingNode() || (value.isNull() && !required)) {
            if (required) {
                wrong(field, "Field required", "missing", input);
            }
            return "";
        }
        if (!value.isTextual()) {
            wrong(field, "Input should be a valid string", "string_type", value);
        }
        return value.asText();
    }

    JsonNode object(String field) {
        JsonNode value = input.path(field);
        if (value.isMissingNode()) {
            wrong(field, "Field required", "missing", input);
        } else if (!value.isObject()) {
            wrong(field, "Input should be a valid dictionary", "dict_type", value);
        }
        return value;
    }

    /** One of the values; empty if missing or null. */
    String choice(String field, List<String> values, String spoken) {
        JsonNode value = input.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual() || !values.contains(value.asText())) {
            wrong(field, "Input should be " + spoken, "literal_error", value);
        }
        return value.asText();
    }

    /** Text that is empty or a UUID. */
    String uuid(String field, boolean required, String message) {
        String text = text(field, required).strip();
        if (!text.isEmpty() && !Paths.isUuid(text)) {
            wrong(field, "Value error, " + message, "value_error", input.path(field));
        }
        return text;
    }

    /** 1 to 100, 20 if missing. */
    int limit() {
        String text = input.path("limit").asText("20");
        JsonNode value = TextNode.valueOf(text);
        try {
            int limit = Integer.parseInt(text);
            if (limit < 1) {
                wrong("limit", "Input should be greater than or equal to 1", "greater_than_equal", value);
            } else if (limit > 100) {
                wrong("limit", "Input should be less than or equal to 100", "less_than_equal", value);
            }
            return limit;
        } catch (NumberFormatException e) {
            wrong(
                    "limit",
                    "Input should be a valid integer, unable to parse string as an integer",
                    "int_parsing",
                    value);
            return 0;
        }
    }

    /** A mistake of the whole, not of one field. */
    void wrongTogether(String message) {
        errors.add("  Value error, " + message + details("value_error", input));
    }

    void check() {
        if (!errors.isEmpty()) {
            String plural = errors.size() == 1 ? " error" : " errors";
            throw Refusal.invalidParam(
                    errors.size() + " validation" + plural + " for " + model + "\n" + String.join("\n", errors));
        }
    }

    private void wrong(String field, String message, String type, JsonNode value) {
        errors.add(field + "\n  " + message + details(type, value));
    }

    private static String details(String type, JsonNode value) {
        return " [type=" + type + ", input_value=" + shortened(repr(value)) + ", input_type=" + type(value) + "]" + HELP
                + type;
    }

    private static String shortened(String text) {
        return text.length() <= 50 ? text : text.substring(0, 25) + "..." + text.substring(text.length() - 24);
    }

    /** As Python prints the value. */
    private static String repr(JsonNode value) {
        if (value.isObject()) {
            StringJoiner members = new StringJoiner(", ", "{", "}");
            value.properties().forEach(member -> members.add("'" + member.getKey() + "': " + repr(member.getValue())));
            return members.toString();
        }
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            value.forEach(item -> items.add(repr(item)));
            return items.toString();
        }
        if (value.isTextual()) {
            return "'"
                    + value.asText().replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "True" : "False";
        }
        return value.isNull() ? "None" : value.asText();
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "dict";
            case ARRAY -> "list";
            case STRING -> "str";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            default -> "NoneType";
        };
    }
}
