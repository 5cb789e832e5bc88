package io.github.difyjakarta.client.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.json.DifyJson;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All values that the accessors of a result give, and those of the results that they give. */
final class Walk {
    /** They give the JSON itself, by which everything is reachable. */
    private static final Set<String> RAW = Set.of("json", "reasons", "toString", "hashCode", "getClass");

    private final Set<String> values = new HashSet<>();
    private final StringBuilder told = new StringBuilder();

    private Walk(Object result) {
        visit(result);
    }

    static Walk over(Object result) {
        return new Walk(result);
    }

    /** Everything, accessor by accessor: equal where results say the same. */
    String told() {
        return told.toString();
    }

    /** Whether a value of the JSON is among them: a time also as an {@link Instant}, a number also in a text. */
    boolean has(JsonNode leaf) {
        if (leaf.isNumber()) {
            return values.contains(plain(leaf.decimalValue()));
        }
        return !leaf.isTextual() || hasText(leaf.textValue());
    }

    private boolean hasText(String text) {
        DifyJson read = DifyJson.of(Map.of("value", text));
        return values.contains(text)
                || read.optionalDecimal("value")
                        .map(Walk::plain)
                        .filter(values::contains)
                        .isPresent()
                || read.time("value")
                        .map(Walk::seconds)
                        .filter(values::contains)
                        .isPresent()
                || hasAllOf(text);
    }

    private boolean hasAllOf(String text) {
        try {
            JsonNode within = Published.JSON.readTree(text);
            return within.isObject() && Leaf.of(within).stream().allMatch(leaf -> has(leaf.value()));
        } catch (JsonProcessingException e) {
            return false; // an ordinary text
        }
    }

    private void visit(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            visit(optional.orElse(null));
        } else if (value instanceof OptionalLong optional) {
            visit(optional.isPresent() ? optional.getAsLong() : null);
        } else if (value instanceof DifyJson json) {
            visit(json.toMap());
        } else if (value instanceof Map<?, ?> map) {
            told.append('{');
            map.forEach((key, element) -> {
                visit(key);
                visit(element);
            });
            told.append('}');
        } else if (value instanceof Collection<?> collection) {
            told.append('[');
            collection.forEach(this::visit);
            told.append(']');
        } else if (value instanceof Record) {
            told.append('(');
            accessors(value.getClass()).forEach(method -> visit(call(method, value)));
            told.append(')');
        } else {
            add(value);
        }
    }

    private void add(@Nullable Object value) {
        String text;
        if (value instanceof Number number) {
            text = plain(new BigDecimal(number.toString()));
        } else if (value instanceof Instant time) {
            text = seconds(time);
        } else if (value instanceof Enum<?> constant) {
            text = constant.name().toLowerCase(Locale.ROOT);
        } else {
            text = String.valueOf(value);
        }
        values.add(text);
        told.append(text).append(';');
    }

    private static Stream<Method> accessors(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && !Modifier.isStatic(method.getModifiers())
                        && !RAW.contains(method.getName())
                        && method.getDeclaringClass() == type)
                .sorted(Comparator.comparing(Method::getName));
    }

    private static @Nullable Object call(Method accessor, Object owner) {
        try {
            return accessor.invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError(accessor.toString(), e);
        }
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String seconds(Instant time) {
        return plain(BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9)));
    }
}
