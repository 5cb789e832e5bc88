package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/** JSON values as Python prints them: Dify shows some of them so. Pure. */
final class Python {

    private Python() {}

    /** Python's {@code str()}: a text is itself. */
    static String str(JsonNode value) {
        return value.isTextual() ? value.asText() : repr(value);
    }

    /** Python's {@code repr()}. */
    static String repr(JsonNode value) {
        if (value.isObject()) {
            StringJoiner members = new StringJoiner(", ", "{", "}");
            value.properties().forEach(member -> members.add(quoted(member.getKey()) + ": " + repr(member.getValue())));
            return members.toString();
        }
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            value.forEach(item -> items.add(repr(item)));
            return items.toString();
        }
        if (value.isTextual()) {
            return quoted(value.asText());
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "True" : "False";
        }
        return value.isNull() ? "None" : value.asText();
    }

    /** The name of the type. */
    static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "dict";
            case ARRAY -> "list";
            case STRING -> "str";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            default -> "NoneType";
        };
    }

    /** In single quotation marks, unless only double ones need no escaping. */
    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        if (text.contains("'") && !text.contains("\"")) {
            return '"' + escaped + '"';
        }
        return "'" + escaped.replace("'", "\\'") + "'";
    }
}
