package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an answer cost. All zero where no model ran (an annotation hit), where the model does not tell, and after a stop. Dify
 * Service API, "Send Chat Message", {@code metadata.usage}.
 *
 * @param json all of it, as it came
 */
public record Usage(DifyJson json) {
    /** Nothing was used, or nothing was said about it. */
    public static final Usage NONE = new Usage(DifyJson.EMPTY);

    /** At least 0. */
    public long promptTokens() {
        return json.number("prompt_tokens");
    }

    /** What tokens cost: their number × unit price × price unit is {@link #promptPrice()}. */
    public BigDecimal promptUnitPrice() {
        return json.decimal("prompt_unit_price");
    }

    /** What part one token is of those that the unit price is for, such as 0.001 where it is for a thousand. */
    public BigDecimal promptPriceUnit() {
        return json.decimal("prompt_price_unit");
    }

    /** Of the prompt, in {@link #currency()}. */
    public BigDecimal promptPrice() {
        return json.decimal("prompt_price");
    }

    /** At least 0. */
    public long completionTokens() {
        return json.number("completion_tokens");
    }

    /** See {@link #promptUnitPrice()}. */
    public BigDecimal completionUnitPrice() {
        return json.decimal("completion_unit_price");
    }

    /** See {@link #promptPriceUnit()}. */
    public BigDecimal completionPriceUnit() {
        return json.decimal("completion_price_unit");
    }

    /** Of the answer, in {@link #currency()}. */
    public BigDecimal completionPrice() {
        return json.decimal("completion_price");
    }

    /** At least 0. */
    public long totalTokens() {
        return json.number("total_tokens");
    }

    /** In {@link #currency()}. */
    public BigDecimal totalPrice() {
        return json.decimal("total_price");
    }

    /** Such as {@code USD}; empty where Dify named none. */
    public String currency() {
        return json.text("currency");
    }

    /** From request to the end of the answer, as Dify measured it. */
    public BigDecimal latencySeconds() {
        return json.decimal("latency");
    }

    /** Until the model's first token. From Dify 1.10 on. */
    public Optional<BigDecimal> secondsToFirstToken() {
        return json.optionalDecimal("time_to_first_token");
    }

    /** From the model's first token to its last. From Dify 1.10 on. */
    public Optional<BigDecimal> secondsToGenerate() {
        return json.optionalDecimal("time_to_generate");
    }

    /**
     * Whether Dify worked out what no tokens cost, as it does for a model that it stopped: where no model ran, or the model
     * counts nothing, there is no price and no digits behind the point ({@code 0E-7} against {@code 0.0}).
     */
    boolean isOfAModelCutShort() {
        return totalTokens() == 0
                && (promptUnitPrice().signum() != 0 || totalPrice().scale() > 1);
    }
}
