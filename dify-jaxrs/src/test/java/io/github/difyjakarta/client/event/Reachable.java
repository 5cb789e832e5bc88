package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All values that the methods of a record give, and those of the records that they give. */
final class Reachable {
    /** They give the JSON itself, which would make everything reachable. */
    private static final Set<String> RAW =
            Set.of("json", "frame", "fields", "reasons", "toString", "hashCode", "audio");

    private final Set<String> values = new HashSet<>();
    private int flags;

    static Reachable from(DifyEvent event) {
        Reachable reachable = new Reachable();
        reachable.add(event);
        return reachable;
    }

    boolean has(String value) {
        return values.contains(value);
    }

    /** How many booleans are true. */
    int flags() {
        return flags;
    }

    static String number(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private void add(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            flags += flag ? 1 : 0;
        } else if (value instanceof Number number) {
            values.add(number(new BigDecimal(number.toString())));
        } else if (value instanceof String text) {
            values.add(text);
        } else if (value instanceof Instant time) {
            values.add(String.valueOf(time.getEpochSecond()));
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(this::add);
        } else if (value instanceof OptionalLong optional) {
            optional.ifPresent(this::add);
        } else if (value instanceof Collection<?> collection) {
            collection.forEach(this::add);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(this::add);
        } else if (value instanceof DifyJson json) {
            add(json.toMap());
        } else if (value instanceof Record) {
            addAll(value);
        }
    }

    private void addAll(Object owner) {
        for (Method method : owner.getClass().getMethods()) {
            boolean accessor = method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass().getPackage() == Reachable.class.getPackage()
                    && !RAW.contains(method.getName());
            if (accessor) {
                add(call(method, owner));
            }
        }
    }

    private static @Nullable Object call(Method method, Object owner) {
        try {
            return method.invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError(method.toString(), e);
        }
    }
}
