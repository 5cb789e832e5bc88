package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** A variable of one conversation: its type stays, its value changes. Confined to the event loop. */
final class Variable {

    private final String id = UUID.randomUUID().toString();
    private final String name;
    private final String type;
    private final String description;
    private final long createdAt;
    private JsonNode value;
    private long updatedAt;

    private Variable(String name, String type, String description, JsonNode value, Instant now) {
        this.name = name;
        this.type = type;
        this.description = description;
        this.value = value;
        this.createdAt = now.getEpochSecond();
        this.updatedAt = createdAt;
    }

    /** What each conversation of the simulated chatflow begins with. */
    static List<Variable> initial(Instant now) {
        ObjectNode profile = Json.object().put("language", "en");
        profile.putArray("seen").add(true).addNull();
        return List.of(
                new Variable("mood", "string", "How the customer feels", TextNode.valueOf("neutral"), now),
                new Variable("count", "number", "", IntNode.valueOf(0), now),
                new Variable("profile", "object", "", profile, now),
                new Variable("orders", "array[string]", "Orders the customer has named", Json.array(), now),
                new Variable("returning", "boolean", "", BooleanNode.FALSE, now));
    }

    String id() {
        return id;
    }

    void set(JsonNode newValue, Instant now) {
        String given = type(newValue);
        boolean number = given.equals("integer") || given.equals("float");
        boolean emptyList = newValue.isArray() && newValue.isEmpty() && type.startsWith("array");
        if (!given.equals(type) && !(type.equals("number") && number) && !emptyList) {
            throw Refusal.of(
                    400,
                    "bad_request",
                    "Type mismatch: variable '" + name + "' expects " + type + ", but got " + given + " type");
        }
        // Dify keeps an integer as such, and a fraction does not fit into it.
        if (value.isIntegralNumber() && given.equals("float")) {
            throw Refusal.invalidParam("not supported value type integer");
        }
        value = newValue;
        updatedAt = now.getEpochSecond();
    }

    ObjectNode json() {
        return Json.object()
                .put("id", id)
                .put("name", name)
                .put("value_type", type)
                .put("value", Python.str(value))
                .put("description", description)
                .put("created_at", createdAt)
                .put("updated_at", updatedAt);
    }

    /** Dify's name for the type of a value. */
    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "float";
            case BOOLEAN -> "boolean";
            case OBJECT -> "object";
            case ARRAY -> "array[" + itemType(value) + "]";
            default -> "none";
        };
    }

    private static String itemType(JsonNode list) {
        List<String> types = StreamSupport.stream(list.spliterator(), false)
                .map(item -> item.isNumber() ? "number" : type(item))
                .distinct()
                .toList();
        return types.size() == 1 ? types.get(0) : "any";
    }
}
