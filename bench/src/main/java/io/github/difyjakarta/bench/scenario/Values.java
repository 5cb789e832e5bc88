package io.github.difyjakarta.bench.scenario;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** What one run has yielded; a metric that could not be measured is missing. Immutable. */
public final class Values {

    private final Map<Metric, Double> values;

    private Values(Map<Metric, Double> values) {
        this.values = values;
    }

    /** {@return nothing yet} */
    public static Values none() {
        return new Values(new EnumMap<>(Metric.class));
    }

    /** {@return these and one more} */
    public Values with(Metric metric, double value) {
        Map<Metric, Double> more = new EnumMap<>(Metric.class);
        more.putAll(values);
        more.put(metric, value);
        return new Values(more);
    }

    /** {@return these and one more, if there is one} */
    public Values with(Metric metric, OptionalDouble value) {
        return value.isPresent() ? with(metric, value.getAsDouble()) : this;
    }

    /** {@return the value, if it was measured} */
    public OptionalDouble get(Metric metric) {
        Double value = values.get(metric);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** {@return what was measured, in the order of {@link Metric}} */
    public Set<Metric> metrics() {
        return Set.copyOf(values.keySet());
    }
}
