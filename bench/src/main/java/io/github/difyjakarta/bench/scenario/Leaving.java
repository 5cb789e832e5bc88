package io.github.difyjakarta.bench.scenario;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.load.LoadGenerator;
import io.github.difyjakarta.bench.load.LoadResult;
import io.github.difyjakarta.bench.upstream.Query;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How soon Dify learns, by a stop call or by the end of the connection, that a client has left in the middle of an answer. */
record Leaving() implements Scenario {

    /** Events go on for longer than the wait: nothing ends by itself. */
    private static final Load LOAD =
            Load.of(200, Query.of(200, 200_000)).perSecond(1_000).leavingAfter(3);

    private static final Duration WAIT = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "leave";
    }

    @Override
    public List<Metric> columns() {
        return List.of(Metric.LEFT_P50, Metric.LEFT_MAX, Metric.UNNOTICED, Metric.CPU_STREAM, Metric.THREADS);
    }

    @Override
    public Values run(Stage stage) throws IOException, InterruptedException {
        stage.upstream().takeLeft();
        try (Cost cost = new Cost(stage)) {
            LoadResult result = LoadGenerator.run(stage.target(), LOAD);
            Map<Integer, Long> noticed = awaitNoticed(stage, result.left().size());
            List<Double> millis = delaysMillis(result.left(), noticed);
            Values values = cost.of(result).with(Metric.UNNOTICED, result.left().size() - (double) millis.size());
            return millis.isEmpty()
                    ? values
                    : values.with(Metric.LEFT_P50, millis.get(millis.size() / 2))
                            .with(Metric.LEFT_MAX, millis.get(millis.size() - 1));
        }
    }

    private static Map<Integer, Long> awaitNoticed(Stage stage, int all) throws IOException, InterruptedException {
        Map<Integer, Long> noticed = new HashMap<>();
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (noticed.size() < all && System.nanoTime() - deadline < 0) {
            noticed.putAll(stage.upstream().takeLeftSoon());
        }
        return noticed;
    }

    private static List<Double> delaysMillis(Map<Integer, Long> left, Map<Integer, Long> noticed) {
        List<Double> delays = new ArrayList<>();
        left.forEach((stream, moment) -> {
            Long known = noticed.get(stream);
            if (known != null) {
                delays.add((known - moment) / 1e6);
            }
        });
        return delays.stream().sorted().toList();
    }
}
