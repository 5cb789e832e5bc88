package io.github.difyjakarta.bench.scenario;

import static io.github.difyjakarta.bench.scenario.Metric.CPU;
import static io.github.difyjakarta.bench.scenario.Metric.CPU_COMPILED;
import static io.github.difyjakarta.bench.scenario.Metric.CPU_STREAM;
import static io.github.difyjakarta.bench.scenario.Metric.EVENTS;
import static io.github.difyjakarta.bench.scenario.Metric.MAX;
import static io.github.difyjakarta.bench.scenario.Metric.P50;
import static io.github.difyjakarta.bench.scenario.Metric.P99;
import static io.github.difyjakarta.bench.scenario.Metric.PSS;
import static io.github.difyjakarta.bench.scenario.Metric.STREAMS;
import static io.github.difyjakarta.bench.scenario.Metric.THREADS;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.upstream.Query;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A load and what is asked of it. Immutable. */
public interface Scenario {

    /** {@return all of them} */
    static List<Scenario> all() {
        return List.of(
                new Streams(
                        "paced",
                        Load.of(100, Query.of(200, 20_000)).perSecond(437),
                        List.of(P50, P99, MAX, CPU, CPU_COMPILED, THREADS, PSS)),
                new Streams(
                        "flood", Load.of(16, Query.of(20_000, 0)), List.of(EVENTS, CPU, CPU_COMPILED, THREADS, PSS)),
                new Streams(
                        "many",
                        Load.of(5_000, Query.of(20, 1_000_000)).perSecond(500).settledAfter(Duration.ofSeconds(11)),
                        List.of(P50, P99, MAX, CPU, CPU_COMPILED, THREADS, PSS)),
                new Streams(
                        "start",
                        Load.of(6_000, Query.of(5, 0)).atOnce(50),
                        List.of(STREAMS, CPU_STREAM, P99, THREADS, PSS)),
                new Held(),
                new SlowReaders(),
                new Leaving());
    }

    /**
     * Finds a scenario.
     *
     * @throws IllegalArgumentException if none has this name; the message lists those there are
     */
    static Scenario named(String name) {
        return all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No scenario " + name + "; there are "
                        + all().stream().map(Scenario::name).toList()));
    }

    /** {@return loads of every kind, one round of a warm-up: about 7 s} */
    static List<Load> warmUp() {
        return List.of(
                Load.of(16, Query.of(5_000, 0)),
                Load.of(1_500, Query.of(5, 0)).atOnce(20),
                Load.of(100, Query.of(200, 20_000)).perSecond(437).endingWithin(Duration.ofSeconds(30)));
    }

    /** {@return a word} */
    String name();

    /** {@return what it is about; whether all went well is told in any case} */
    List<Metric> columns();

    /** Puts the load on a peer and measures. */
    Values run(Stage stage) throws IOException, InterruptedException;
}
