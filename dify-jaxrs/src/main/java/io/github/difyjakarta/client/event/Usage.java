package io.github.difyjakarta.client.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/**
 * What an answer cost, from {@code message_end.metadata.usage}. All zero where no model ran (an annotation hit), and after a
 * stop.
 *
 * @param promptTokens at least 0
 * @param completionTokens at least 0
 * @param totalTokens at least 0
 * @param totalPrice in {@code currency}
 * @param currency such as {@code USD}; empty where Dify named none
 * @param latencySeconds from request to the end of the answer, as Dify measured it
 */
public record Usage(
        long promptTokens,
        long completionTokens,
        long totalTokens,
        BigDecimal totalPrice,
        String currency,
        BigDecimal latencySeconds) {
    /** Nothing was used, or nothing was said about it. */
    public static final Usage NONE = new Usage(0, 0, 0, BigDecimal.ZERO, "", BigDecimal.ZERO);

    static Usage of(JsonNode usage) {
        if (!usage.isObject()) {
            return NONE;
        }
        return new Usage(
                Json.number(usage, "prompt_tokens"),
                Json.number(usage, "completion_tokens"),
                Json.number(usage, "total_tokens"),
                Json.decimal(usage, "total_price"),
                Json.text(usage, "currency"),
                Json.decimal(usage, "latency"));
    }
}
