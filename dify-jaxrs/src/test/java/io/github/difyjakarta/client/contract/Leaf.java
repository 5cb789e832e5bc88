package io.github.difyjakarta.client.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A value without further values in it, also an empty list or object.
 *
 * @param root what it is in
 * @param place where
 */
record Leaf(JsonNode root, JsonPointer place) {
    /** What may stand where there is nothing, so that its type is unknown. */
    private static final List<String> ANYTHING =
            List.of("\"x\"", "7", "true", "{\"x\":\"y\"}", "[\"x\"]", "[{\"x\":\"y\"}]");

    static List<Leaf> of(JsonNode root) {
        List<Leaf> leaves = new ArrayList<>();
        collect(root, root, JsonPointer.empty(), leaves);
        return leaves;
    }

    private static void collect(JsonNode root, JsonNode node, JsonPointer place, List<Leaf> leaves) {
        if (node.isEmpty() && (node.isValueNode() || !place.matches())) {
            leaves.add(new Leaf(root, place));
        }
        node.properties()
                .forEach(field -> collect(root, field.getValue(), place.appendProperty(field.getKey()), leaves));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(root, node.get(i), place.appendIndex(i), leaves);
        }
    }

    JsonNode value() {
        return root.at(place);
    }

    /** The same for all elements of a list: {@code data[].id}. */
    String path() {
        return place.toString()
                .substring(1)
                .replaceAll("(^|/)\\d+(?=/|$)", "[]")
                .replace('/', '.');
    }

    /** The whole with something else in this place; more than one where nothing tells of which type. */
    Stream<JsonNode> changed() {
        return others().map(this::with);
    }

    private Stream<JsonNode> others() {
        JsonNode value = value();
        if (value.isBoolean()) {
            return Stream.of(BooleanNode.valueOf(!value.booleanValue()));
        }
        if (value.isNumber()) {
            return Stream.of(DecimalNode.valueOf(value.decimalValue().add(BigDecimal.valueOf(7))));
        }
        if (value.isTextual()) {
            // In front, so that a price stays one; behind, so that a time does not.
            return Stream.of("7" + value.textValue(), value.textValue() + "x").map(TextNode::valueOf);
        }
        return ANYTHING.stream().map(Published::parse);
    }

    private JsonNode with(JsonNode other) {
        JsonNode copy = root.deepCopy();
        JsonNode parent = copy.at(place.head());
        if (parent instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), other);
        } else if (parent instanceof ArrayNode array) {
            array.set(place.last().getMatchingIndex(), other);
        }
        return copy;
    }
}
