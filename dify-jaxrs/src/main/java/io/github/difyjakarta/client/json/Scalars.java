package io.github.difyjakarta.client.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Single values of Dify's JSON as values of Java; null where they are none of that type. */
final class Scalars {
    /** Beyond it a number is nobody's price, count or time, and arithmetic with it takes for ever. */
    private static final int LARGEST_EXPONENT = 400;

    private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
    private static final int LONGEST_NUMBER = 1000;
    private static final int DATE_LENGTH = "2026-01-01".length();

    private Scalars() {}

    static @Nullable String text(JsonNode value) {
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    /** Prices come as strings, also in scientific notation ({@code "0E-7"}). */
    static @Nullable BigDecimal decimal(JsonNode value) {
        BigDecimal decimal;
        if (value.isNumber()) {
            decimal = value.decimalValue();
        } else if (value.isTextual() && value.textValue().length() <= LONGEST_NUMBER) {
            try {
                decimal = new BigDecimal(value.textValue());
            } catch (NumberFormatException e) {
                return null;
            }
        } else {
            return null;
        }
        return Math.abs((long) decimal.precision() - decimal.scale()) > LARGEST_EXPONENT
                        || Math.abs((long) decimal.scale()) > LONGEST_NUMBER
                ? null
                : decimal;
    }

    /** Cut to a whole number. */
    static @Nullable Long number(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        BigDecimal decimal = decimal(value);
        return decimal == null || decimal.compareTo(LONG_MIN) < 0 || decimal.compareTo(LONG_MAX) > 0
                ? null
                : decimal.longValue();
    }

    static @Nullable Instant time(JsonNode value) {
        BigDecimal seconds = decimal(value);
        try {
            if (seconds != null) {
                BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
                return Instant.ofEpochSecond(
                        whole.longValueExact(),
                        seconds.subtract(whole).multiply(NANOS).longValue());
            }
            return value.isTextual() ? isoTime(value.textValue()) : null;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** Python's {@code isoformat} and {@code str}: with or without a zone, a {@code T} or a blank between date and time. */
    private static Instant isoTime(String text) {
        String iso = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' '
                ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1)
                : text;
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime zoned
                ? zoned.toInstant()
                : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
    }

    /** Any value: a text, a {@code Boolean}, {@code Long}, {@code BigDecimal} or {@code BigInteger}, a map, a list. */
    static @Nullable Object plain(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> map(value);
            case ARRAY -> list(value);
            case STRING -> value.textValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> numeric(value);
            case BINARY, POJO, MISSING, NULL -> null; // the first two are never parsed
        };
    }

    private static Object numeric(JsonNode value) {
        if (!value.isIntegralNumber()) {
            return value.decimalValue();
        }
        return value.canConvertToLong() ? (Object) value.longValue() : value.bigIntegerValue();
    }

    static Map<String, @Nullable Object> map(JsonNode object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
        return Collections.unmodifiableMap(map);
    }

    private static List<@Nullable Object> list(JsonNode array) {
        List<@Nullable Object> list = new ArrayList<>(array.size());
        array.forEach(element -> list.add(plain(element)));
        return Collections.unmodifiableList(list);
    }
}
