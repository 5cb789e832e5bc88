package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a body or a query and says it in Pydantic's words. Pure, one thread. */
final class Validation {

    private static final String HELP = "\n    For further information visit https://errors.pydantic.dev/2.12/v/";

    private final String model;
    private final JsonNode input;
    private final List<String> errors = new ArrayList<>();
    private @Nullable Refusal oldest;

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
            wrongValue(field, message);
        }
        return text;
    }

    /** Any value but none at all. */
    JsonNode any(String field) {
        JsonNode value = input.path(field);
        if (value.isMissingNode()) {
            wrong(field, "Field required", "missing", input);
        }
        return value;
    }

    /** A list of objects, if there is one. */
    void objects(String field) {
        JsonNode value = input.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
            wrong(field, "Input should be a valid list", "list_type", value);
        }
        for (int i = 0; i < value.size() && value.isArray(); i++) {
            if (!value.get(i).isObject()) {
                wrong(field + "." + i, "Input should be a valid dictionary", "dict_type", value.get(i));
            }
        }
    }

    /** Any number. */
    void number(String field) {
        JsonNode value = any(field);
        if (!value.isMissingNode() && !value.isNumber()) {
            wrong(field, "Input should be a valid number", "float_type", value);
        }
    }

    /** 1 to 100, 20 if missing. */
    int limit() {
        return number("limit", 20, 1, 100);
    }

    /** A whole number in a query. */
    int number(String field, int missing, int min, int max) {
        String text = input.path(field).asText(Integer.toString(missing));
        JsonNode value = TextNode.valueOf(text);
        try {
            int number = Integer.parseInt(text);
            if (number < min) {
                wrong(field, "Input should be greater than or equal to " + min, "greater_than_equal", value);
            } else if (number > max) {
                wrong(field, "Input should be less than or equal to " + max, "less_than_equal", value);
            }
            return number;
        } catch (NumberFormatException e) {
            wrong(field, "Input should be a valid integer, unable to parse string as an integer", "int_parsing", value);
            return missing;
        }
    }

    /** A mistake that a rule of Dify's own found. */
    void wrongValue(String field, String message) {
        wrong(field, "Value error, " + message, "value_error", input.path(field));
    }

    /** A mistake of the whole, not of one field. */
    void wrongTogether(String message) {
        errors.add("  Value error, " + message + details("value_error", input));
    }

    /** Up to 1.10 another library told of the first mistake alone, and named its field beside the text. */
    void check(Version version) {
        if (oldest != null && !version.isFrom(1, 11, 0)) {
            throw oldest;
        }
        check();
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
        if (oldest == null) {
            oldest = Refusal.ofParameter(field, older(message, type, value));
        }
    }

    private static String older(String message, String type, JsonNode value) {
        return switch (type) {
            case "missing" -> "Missing required parameter in the JSON body";
            case "literal_error" -> value.asText() + " is not a valid choice";
            default -> message;
        };
    }

    private static String details(String type, JsonNode value) {
        return " [type=" + type + ", input_value=" + shortened(Python.repr(value)) + ", input_type="
                + Python.type(value) + "]" + HELP + type;
    }

    private static String shortened(String text) {
        return text.length() <= 50 ? text : text.substring(0, 25) + "..." + text.substring(text.length() - 24);
    }
}
