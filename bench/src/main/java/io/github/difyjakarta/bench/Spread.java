package io.github.difyjakarta.bench;

import java.util.List;
import java.util.Locale;

/**
 * The values of several runs. Immutable.
 *
 * @param median of an even number the mean of the middle two
 * @param lowest of all
 * @param highest of all
 */
record Spread(double median, double lowest, double highest) {

    /** Of one value or more. */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** {@return {@code 12.3 (11.8..14)}, of equal values {@code 12.3}} */
    @Override
    public String toString() {
        String shown = number(median);
        return lowest == highest ? shown : shown + " (" + number(lowest) + ".." + number(highest) + ")";
    }

    /** Three digits, and no more than there are. */
    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }
}
