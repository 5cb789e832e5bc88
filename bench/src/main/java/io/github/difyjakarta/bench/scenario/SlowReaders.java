package io.github.difyjakarta.bench.scenario;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.load.LoadGenerator;
import io.github.difyjakarta.bench.load.LoadResult;
import io.github.difyjakarta.bench.upstream.Query;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Whether readers suffer from others that stop reading: 450 alone, then the same beside 50 that are offered events of 33 KB and
 * take none. The first seconds, in which the streams begin, are left out of the latency.
 */
record SlowReaders() implements Scenario {

    private static final int STUCK = 50;
    private static final Load READERS =
            Load.of(450, Query.of(150, 100_000)).perSecond(1_000).settledAfter(Duration.ofSeconds(2));
    private static final Load BESIDE_STUCK =
            READERS.withStuck(STUCK, Query.of(300, 50_000).padded(32 * 1024));

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public List<Metric> columns() {
        return List.of(
                Metric.P99_ALONE, Metric.P99_BESIDE, Metric.P99_RATIO, Metric.HEAP_STUCK, Metric.CPU, Metric.PSS);
    }

    @Override
    public Values run(Stage stage) {
        LoadResult alone = LoadGenerator.run(stage.target(), READERS);
        OptionalLong before = stage.peer().liveHeap();
        try (Cost cost = new Cost(stage);
                LoadGenerator load = LoadGenerator.start(stage.target(), BESIDE_STUCK)) {
            LoadResult beside = load.result().join();
            Values values = cost.of(beside);
            return values.with(Metric.FAILED, (double) alone.failed() + beside.failed())
                    .with(Metric.P99_ALONE, alone.micros(99))
                    .with(Metric.P99_BESIDE, beside.micros(99))
                    .with(Metric.P99_RATIO, beside.micros(99) / alone.micros(99))
                    .with(
                            Metric.HEAP_STUCK,
                            Held.kilobytesEach(before, stage.peer().liveHeap(), STUCK));
        }
    }
}
