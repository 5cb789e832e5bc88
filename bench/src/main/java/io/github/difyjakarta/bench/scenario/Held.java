package io.github.difyjakarta.bench.scenario;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.load.LoadGenerator;
import io.github.difyjakarta.bench.load.LoadResult;
import io.github.difyjakarta.bench.upstream.Query;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Live heap of a stream that is open and mostly silent: before, and while 2,000 are held. */
record Held() implements Scenario {

    private static final int STREAMS = 2_000;
    private static final Load LOAD = Load.of(STREAMS, Query.of(20, 1_000_000)).perSecond(500);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Metric> columns() {
        return List.of(Metric.HEAP, Metric.P99, Metric.THREADS, Metric.PSS);
    }

    @Override
    public Values run(Stage stage) {
        OptionalLong before = stage.peer().liveHeap();
        try (Cost cost = new Cost(stage);
                LoadGenerator load = LoadGenerator.start(stage.target(), LOAD)) {
            load.allBegun().join();
            OptionalLong held = stage.peer().liveHeap();
            LoadResult result = load.result().join();
            return cost.of(result).with(Metric.HEAP, kilobytesEach(before, held, STREAMS));
        }
    }

    static OptionalDouble kilobytesEach(OptionalLong before, OptionalLong after, int streams) {
        return before.isPresent() && after.isPresent()
                ? OptionalDouble.of((after.getAsLong() - before.getAsLong()) / 1024.0 / streams)
                : OptionalDouble.empty();
    }
}
