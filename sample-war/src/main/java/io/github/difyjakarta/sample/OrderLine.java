package io.github.difyjakarta.sample;

import java.math.BigDecimal;

/**
 * One article of an order. Immutable.
 *
 * @param unitPrice in euros
 */
public record OrderLine(String article, String description, int quantity, BigDecimal unitPrice) {

    /** {@return quantity times unit price, in euros} */
    public BigDecimal amount() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
}
