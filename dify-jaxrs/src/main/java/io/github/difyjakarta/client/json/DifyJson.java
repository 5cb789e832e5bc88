package io.github.difyjakarta.client.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of Dify's with everything in it, also what no type of ours names.
 *
 * <p>Dify's versions leave fields out, send {@code null} for them and change their types, so reading never fails: a field
 * that is absent, {@code null} or of another type is empty, 0 or false. Immutable; equal where the JSON says the same.
 */
public final class DifyJson {
    /** Without any field. */
    public static final DifyJson EMPTY = new DifyJson(Jackson.MAPPER.createObjectNode());

    private final ObjectNode node;

    private DifyJson(ObjectNode node) {
        this.node = node;
    }

    /**
     * Reads an object.
     *
     * @param json in UTF-8, of any length; nested at most 1000 deep
     * @throws MalformedJsonException when it is no JSON object
     */
    public static DifyJson parse(byte[] json) {
        try {
            return of(Jackson.MAPPER.readTree(json));
        } catch (IOException e) {
            throw new MalformedJsonException("this is not well-formed JSON", e);
        }
    }

    /**
     * Reads an object.
     *
     * @param json of any length; nested at most 1000 deep
     * @throws MalformedJsonException when it is no JSON object
     */
    public static DifyJson parse(String json) {
        try {
            return of(Jackson.MAPPER.readTree(json));
        } catch (IOException e) {
            throw new MalformedJsonException("this is not well-formed JSON", e);
        }
    }

    /**
     * An object of these fields.
     *
     * @param fields of any kind that {@link #toMap} returns, {@code DifyJson} among them; is copied
     * @throws IllegalArgumentException when one of the values is of another kind
     */
    public static DifyJson of(Map<String, ?> fields) {
        return parse(write(fields)); // and not its tree, so that numbers are of the same types as those of a peer
    }

    /**
     * The JSON of these fields, in UTF-8; bodies of requests are made so.
     *
     * @param fields of any kind that {@link #toMap} returns, {@code DifyJson} among them
     * @throws IllegalArgumentException when one of the values is of another kind
     */
    public static byte[] write(Map<String, ?> fields) {
        try {
            return Jackson.MAPPER.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a value cannot be written as JSON (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static DifyJson of(@Nullable JsonNode node) {
        if (node instanceof ObjectNode object) {
            return new DifyJson(object);
        }
        throw new MalformedJsonException("this is no JSON object");
    }

    ObjectNode node() {
        return node;
    }

    /** The text of a field, also of a number or a boolean; empty where there is none. */
    public String text(String field) {
        return optionalText(field).orElse("");
    }

    /** The text of a field, also of a number or a boolean. */
    public Optional<String> optionalText(String field) {
        return Optional.ofNullable(Scalars.text(node.path(field)));
    }

    /** A whole number, also one in a string; what is behind the point is cut off. 0 where there is none. */
    public long number(String field) {
        return optionalNumber(field).orElse(0);
    }

    /** A whole number, also one in a string; what is behind the point is cut off. */
    public OptionalLong optionalNumber(String field) {
        Long number = Scalars.number(node.path(field));
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** A number such as a score or a duration in seconds; 0 where there is none. */
    public double real(String field) {
        return decimal(field).doubleValue();
    }

    /** An exact number, also one in a string, as prices come ({@code "0E-7"}); 0 where there is none. */
    public BigDecimal decimal(String field) {
        return optionalDecimal(field).orElse(BigDecimal.ZERO);
    }

    /** An exact number, also one in a string, as prices come ({@code "0E-7"}). */
    public Optional<BigDecimal> optionalDecimal(String field) {
        return Optional.ofNullable(Scalars.decimal(node.path(field)));
    }

    /** Whether a field is {@code true}, or the text of it. */
    public boolean flag(String field) {
        return node.path(field).asBoolean(false);
    }

    /** A point in time: seconds since 1970, or ISO-8601, in UTC where it names no zone. */
    public Optional<Instant> time(String field) {
        return Optional.ofNullable(Scalars.time(node.path(field)));
    }

    /** An object; {@link #EMPTY} where there is none. */
    public DifyJson object(String field) {
        return optionalObject(field).orElse(EMPTY);
    }

    /** An object. */
    public Optional<DifyJson> optionalObject(String field) {
        return node.path(field) instanceof ObjectNode object ? Optional.of(new DifyJson(object)) : Optional.empty();
    }

    /** The objects of a list, without what else is in it; empty where there is none. */
    public List<DifyJson> objects(String field) {
        List<DifyJson> objects = new ArrayList<>();
        for (JsonNode element : list(field)) {
            if (element instanceof ObjectNode object) {
                objects.add(new DifyJson(object));
            }
        }
        return Collections.unmodifiableList(objects);
    }

    /** The texts of a list, numbers among them, without what else is in it; empty where there is none. */
    public List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(field)) {
            String text = Scalars.text(element);
            if (text != null) {
                texts.add(text);
            }
        }
        return Collections.unmodifiableList(texts);
    }

    private JsonNode list(String field) {
        JsonNode value = node.path(field);
        return value.isArray() ? value : MissingNode.getInstance();
    }

    /** An object as a map, see {@link #toMap}; empty where there is none. */
    public Map<String, @Nullable Object> map(String field) {
        return object(field).toMap();
    }

    /** A value of any kind, as {@link #toMap} has them; empty where it is absent or {@code null}. */
    public Optional<Object> value(String field) {
        return Optional.ofNullable(Scalars.plain(node.path(field)));
    }

    /** Whether there is such a field, even if it is {@code null}. */
    public boolean has(String field) {
        return node.has(field);
    }

    /** The names of all fields, in their order. */
    public Set<String> fields() {
        Set<String> names = new LinkedHashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return Collections.unmodifiableSet(names);
    }

    /** Whether there is no field. */
    public boolean isEmpty() {
        return node.isEmpty();
    }

    /**
     * All fields in their order, as plain Java: {@code String}, {@code Boolean}, {@code Long} ({@code BigInteger} where that is
     * too small), {@code BigDecimal}, maps and lists of these; null for {@code null}. Unmodifiable.
     */
    public Map<String, @Nullable Object> toMap() {
        return Scalars.map(node);
    }

    /**
     * The same object with what another one knows better: its fields replace those of the same name, unless they are
     * {@code null}.
     */
    public DifyJson updatedBy(DifyJson newer) {
        ObjectNode updated = Jackson.MAPPER.createObjectNode();
        updated.setAll(node);
        newer.node.properties().forEach(field -> {
            if (!field.getValue().isNull() || !updated.has(field.getKey())) {
                updated.set(field.getKey(), field.getValue());
            }
        });
        return new DifyJson(updated);
    }

    /** The JSON as text, without blanks. */
    public String json() {
        try {
            return Jackson.MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was parsed can always be written", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DifyJson json && node.equals(json.node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    /** The names of the fields only: what a user wrote belongs in no log. */
    @Override
    public String toString() {
        return "DifyJson" + fields();
    }
}
