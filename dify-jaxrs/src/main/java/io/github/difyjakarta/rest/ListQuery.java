package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.Paging;
import io.github.difyjakarta.client.conversation.ConversationOrder;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which part of a list is wanted, with Dify's defaults and limits; what breaks them is a {@link Problem} 400 {@code
 * invalid_param}. There is no {@code user}: it is the caller.
 *
 * @param parameters decoded
 */
record ListQuery(MultivaluedMap<String, String> parameters) {
    private static final int DEFAULT_LIMIT = 20;
    private static final Set<String> ON = Set.of("true", "1", "yes", "on");

    /** {@code limit}: 1 to 100, default 20. */
    int limit() {
        return parameter("limit").map(ListQuery::limit).orElse(DEFAULT_LIMIT);
    }

    private static int limit(String text) {
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw JsonBody.invalid("limit", "Input should be a valid integer");
        }
        if (limit < 1) {
            throw JsonBody.invalid("limit", "Input should be greater than or equal to 1");
        }
        if (limit > Paging.LARGEST_PAGE) {
            throw JsonBody.invalid("limit", "Input should be less than or equal to " + Paging.LARGEST_PAGE);
        }
        return limit;
    }

    /** {@code sort_by}: default is the latest touched first. */
    ConversationOrder order() {
        return parameter("sort_by").map(ListQuery::order).orElse(ConversationOrder.LATEST_TOUCHED_FIRST);
    }

    private static ConversationOrder order(String name) {
        ConversationOrder[] orders = ConversationOrder.values();
        return Arrays.stream(orders)
                .filter(order -> order.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> JsonBody.invalid(
                        "sort_by",
                        Arrays.stream(orders)
                                .map(order -> "'" + order.wireName() + "'")
                                .collect(Collectors.joining(", ", "Input should be one of ", ""))));
    }

    /** An id; empty where it is absent or empty. */
    Optional<String> id(String name) {
        Optional<String> id = parameter(name);
        if (id.filter(text -> !Ids.isId(text)).isPresent()) {
            throw JsonBody.invalid(name, "Value error, must be a valid UUID");
        }
        return id;
    }

    /** Any parameter; empty where it is absent or empty. */
    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.getFirst(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** A switch that is off where it is absent; any of the words that Dify takes for on. */
    boolean flag(String name) {
        return parameter(name)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(ON::contains)
                .isPresent();
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }
}
