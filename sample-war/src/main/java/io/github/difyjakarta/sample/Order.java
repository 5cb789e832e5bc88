package io.github.difyjakarta.sample;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** What a customer ordered. Immutable. */
public record Order(int number, LocalDate date, Customer customer, Status status, List<OrderLine> lines) {

    public Order {
        lines = List.copyOf(lines);
    }

    /** {@return the sum of all lines, in euros} */
    public BigDecimal total() {
        return lines.stream().map(OrderLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** How far an order has come. */
    public enum Status {
        OPEN("Open"),
        ON_HOLD("On hold"),
        SHIPPED("Shipped"),
        PAID("Paid");

        private final String label;

        Status(String label) {
            this.label = label;
        }

        /** {@return the word shown to people} */
        public String label() {
            return label;
        }
    }
}
