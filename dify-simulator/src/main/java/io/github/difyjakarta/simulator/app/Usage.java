package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * What an answer cost, as far as a simulator can tell. Immutable.
 *
 * @param latency seconds
 * @param firstToken seconds until the first word; negative if the generation was stopped, which leaves it out
 */
record Usage(int promptTokens, int completionTokens, double latency, double firstToken) {

    private static final BigDecimal PROMPT_PRICE = new BigDecimal("0.0000010");
    private static final BigDecimal COMPLETION_PRICE = new BigDecimal("0.0000020");

    static Usage of(String prompt, String answer, Duration latency, Duration firstToken) {
        return new Usage(tokens(prompt), tokens(answer), seconds(latency), seconds(firstToken));
    }

    /** A stopped chat has used nothing, says Dify. */
    static Usage stopped(Duration latency) {
        return new Usage(0, 0, seconds(latency), -1);
    }

    int totalTokens() {
        return promptTokens + completionTokens;
    }

    /** With its scale kept: nothing is {@code 0E-7}, as on Dify's wire. */
    String totalPrice() {
        return price(PROMPT_PRICE, promptTokens)
                .add(price(COMPLETION_PRICE, completionTokens))
                .toString();
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("prompt_tokens", promptTokens)
                .put("prompt_unit_price", "0.001")
                .put("prompt_price_unit", "0.001")
                .put("prompt_price", price(PROMPT_PRICE, promptTokens).toString())
                .put("completion_tokens", completionTokens)
                .put("completion_unit_price", "0.002")
                .put("completion_price_unit", "0.001")
                .put(
                        "completion_price",
                        price(COMPLETION_PRICE, completionTokens).toString())
                .put("total_tokens", totalTokens())
                .put("total_price", totalPrice())
                .put("currency", "USD")
                .put("latency", latency);
        if (firstToken >= 0) {
            json.put("time_to_first_token", firstToken).put("time_to_generate", Math.max(0, latency - firstToken));
        }
        return json;
    }

    private static BigDecimal price(BigDecimal each, int tokens) {
        return each.multiply(BigDecimal.valueOf(tokens)).setScale(7);
    }

    private static int tokens(String text) {
        return text.isEmpty() ? 0 : Math.max(1, text.length() / 4);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
