package io.github.difyjakarta.client.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads JSON of a peer that leaves fields out, sends {@code null} for them and adds new ones, as Dify's versions do. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // Jackson's default hangs buffers on the server's threads, and by them our class loader.
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final TypeReference<List<Map<String, Object>>> MAPS = new TypeReference<>() {};

    private Json() {}

    /** The text of a field; empty where it is absent, null or no scalar. */
    static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    static Optional<String> optionalText(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
    }

    static long number(JsonNode node, String field) {
        return node.path(field).asLong(0);
    }

    /** Prices come as strings, also in scientific notation ({@code "0E-7"}). */
    static BigDecimal decimal(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isNumber()) {
            return value.decimalValue();
        }
        try {
            return new BigDecimal(value.asText("0"));
        } catch (NumberFormatException e) {
            return BigDecimal.ZERO;
        }
    }

    static Map<String, Object> map(JsonNode node) {
        return node.isObject() ? MAPPER.convertValue(node, MAP) : Map.of();
    }

    static List<Map<String, Object>> maps(JsonNode node) {
        return node.isArray() ? MAPPER.convertValue(node, MAPS) : List.of();
    }
}
