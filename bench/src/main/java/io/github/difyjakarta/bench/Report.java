package io.github.difyjakarta.bench;

import io.github.difyjakarta.bench.scenario.Metric;
import io.github.difyjakarta.bench.scenario.Scenario;
import io.github.difyjakarta.bench.scenario.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rounds of one scenario as a table in Markdown: a row for each peer, and for each peer after the first one the first by it, as
 * ratios within the rounds. Not thread-safe.
 */
final class Report {

    private static final List<Metric> ALWAYS = List.of(Metric.FAILED, Metric.LOAD_SHARE, Metric.UPSTREAM_SHARE);

    private final Scenario scenario;
    private final Map<String, List<Values>> rounds = new LinkedHashMap<>();

    Report(Scenario scenario) {
        this.scenario = scenario;
    }

    void add(String peer, Values values) {
        rounds.computeIfAbsent(peer, name -> new ArrayList<>()).add(values);
    }

    /** {@return one run in a line} */
    String line(Values values) {
        return columns().stream()
                .filter(metric -> values.get(metric).isPresent())
                .map(metric -> metric.label() + " " + cell(List.of(values), metric) + " " + metric.unit())
                .map(String::strip)
                .collect(Collectors.joining(", "));
    }

    /** {@return the table, each line with its end} */
    String table() {
        StringBuilder table = new StringBuilder();
        row(
                table,
                scenario.name(),
                columns().stream()
                        .map(metric -> (metric.label() + " " + metric.unit()).strip())
                        .toList());
        row(table, "---", columns().stream().map(metric -> "---").toList());
        rounds.forEach((peer, values) -> row(
                table,
                peer,
                columns().stream().map(metric -> cell(values, metric)).toList()));
        ratios(table);
        return table.toString();
    }

    private void ratios(StringBuilder table) {
        List<String> peers = List.copyOf(rounds.keySet());
        for (String other : peers.subList(Math.min(1, peers.size()), peers.size())) {
            List<Values> first = rounds.getOrDefault(peers.get(0), List.of());
            List<Values> second = rounds.getOrDefault(other, List.of());
            row(
                    table,
                    peers.get(0) + " / " + other,
                    columns().stream()
                            .map(metric -> metric.isComparable() ? ratio(first, second, metric) : "")
                            .toList());
        }
    }

    private List<Metric> columns() {
        List<Metric> columns = new ArrayList<>(scenario.columns());
        columns.addAll(ALWAYS);
        return columns;
    }

    private static String ratio(List<Values> first, List<Values> second, Metric metric) {
        return spread(IntStream.range(0, Math.min(first.size(), second.size()))
                .mapToObj(round ->
                        quotient(first.get(round).get(metric), second.get(round).get(metric)))
                .toList());
    }

    private static OptionalDouble quotient(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent() && b.getAsDouble() > 0
                ? OptionalDouble.of(a.getAsDouble() / b.getAsDouble())
                : OptionalDouble.empty();
    }

    private static String cell(List<Values> values, Metric metric) {
        return spread(values.stream().map(run -> run.get(metric)).toList());
    }

    private static String spread(List<OptionalDouble> values) {
        List<Double> known =
                values.stream().flatMapToDouble(OptionalDouble::stream).boxed().toList();
        return known.isEmpty() ? "-" : Spread.of(known).toString();
    }

    private static void row(StringBuilder table, String head, List<String> cells) {
        table.append("| ")
                .append(head)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }
}
