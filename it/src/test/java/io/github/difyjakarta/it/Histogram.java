package io.github.difyjakarta.it;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Live objects of a JVM. Immutable.
 *
 * @param instances by class name
 * @param bytes of all of them
 */
record Histogram(Map<String, Long> instances, long bytes) {

    private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    private record Row(String type, long instances, long bytes) {}

    static Histogram parse(List<String> lines) {
        List<Row> rows = lines.stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Row(row.group(3), Long.parseLong(row.group(1)), Long.parseLong(row.group(2))))
                .toList();
        return new Histogram(
                rows.stream().collect(Collectors.toMap(Row::type, Row::instances, Long::sum)),
                rows.stream().mapToLong(Row::bytes).sum());
    }

    long count(String className) {
        return instances.getOrDefault(className, 0L);
    }
}
