package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param items in Dify's order
 * @param hasMore whether Dify says that others follow
 * @param limit how many were asked for
 * @param total of all parts, where Dify counts them
 * @param json all of it, as it came
 */
public record Page<T>(List<T> items, boolean hasMore, long limit, OptionalLong total, DifyJson json) {
    /** Reads what every list of Dify's looks like. */
    public static <T> Page<T> of(DifyJson json, Function<DifyJson, T> item) {
        return new Page<>(
                json.objects("data").stream().map(item).toList(),
                json.flag("has_more"),
                json.number("limit"),
                json.optionalNumber("total"),
                json);
    }

    /** Which page of a numbered list this is, from 1; empty for lists that go on by the id of their last item. */
    public OptionalLong number() {
        return json.optionalNumber("page");
    }
}
