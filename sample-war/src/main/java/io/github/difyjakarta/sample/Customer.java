package io.github.difyjakarta.sample;

import java.math.BigDecimal;

/**
 * Who buys. Immutable.
 *
 * @param creditLimit in euros; shown to managers only
 */
public record Customer(String id, String name, String city, String contact, BigDecimal creditLimit) {}
