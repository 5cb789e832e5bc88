package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * What an answer cost, as far as a simulator can tell. Immutable.
 *
 * @param latency seconds
 * @param firstToken seconds until the first word; negative if that is left out
 * @param model whether one was asked at all
 */
record Usage(int promptTokens, int completionTokens, double latency, double firstToken, boolean model) {

    private static final BigDecimal PROMPT_PRICE = new BigDecimal("0.0000010");
    private static final BigDecimal COMPLETION_PRICE = new BigDecimal("0.0000020");

    static Usage of(String prompt, String answer, Duration latency, Duration firstToken) {
        return new Usage(tokens(prompt), tokens(answer), seconds(latency), seconds(firstToken), true);
    }

    /** A stopped chat has used nothing, says Dify. */
    static Usage stopped(Duration latency) {
        return new Usage(0, 0, seconds(latency), -1, true);
    }

    /** Of a run that got by without a model. */
    static Usage withoutModel() {
        return new Usage(0, 0, 0, 0, false);
    }

    /** The same without prices and times, as Dify tells it of answers that no model gave. */
    Usage unpriced() {
        return new Usage(0, 0, latency, -1, false);
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
                .put("prompt_unit_price", orNothing("0.001"))
                .put("prompt_price_unit", orNothing("0.001"))
                .put("prompt_price", orNothing(price(PROMPT_PRICE, promptTokens).toString()))
                .put("completion_tokens", completionTokens)
                .put("completion_unit_price", orNothing("0.002"))
                .put("completion_price_unit", orNothing("0.001"))
                .put(
                        "completion_price",
                        orNothing(price(COMPLETION_PRICE, completionTokens).toString()))
                .put("total_tokens", totalTokens())
                .put("total_price", orNothing(totalPrice()))
                .put("currency", "USD")
                .put("latency", latency);
        if (firstToken >= 0) {
            json.put("time_to_first_token", firstToken).put("time_to_generate", Math.max(0, latency - firstToken));
        }
        return json;
    }

    private String orNothing(String price) {
        return model ? price : "0.0";
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
