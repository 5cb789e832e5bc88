package io.github.difyjakarta.bench.scenario;

import io.github.difyjakarta.bench.load.LoadResult;
import io.github.difyjakarta.bench.peer.ProcessTree;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a load costs the servers, from its creation to {@link #of}. Threads, and where that is cheap memory, are looked at all the
 * while, on a thread of its own.
 */
final class Cost implements AutoCloseable {

    private static final long LOOK_MILLIS = 500;

    private final Stage stage;
    private final Optional<ProcessTree> server;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong threads = new AtomicLong();
    private final AtomicLong pss = new AtomicLong();
    private final Duration cpuBefore;
    private final Duration compilersBefore;
    private final Duration upstreamBefore;
    private final long started = System.nanoTime();

    Cost(Stage stage) {
        this.stage = stage;
        this.server = stage.peer().processes();
        this.cpuBefore = server.map(ProcessTree::cpu).orElse(Duration.ZERO);
        this.compilersBefore = server.map(ProcessTree::compilerCpu).orElse(Duration.ZERO);
        this.upstreamBefore = stage.upstream().processes().cpu();
        server.ifPresent(tree -> watch.scheduleAtFixedRate(() -> look(tree), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** {@return latency, throughput and cost, now that the load is over} */
    Values of(LoadResult result) {
        Values values = Values.none()
                .with(Metric.P50, result.micros(50))
                .with(Metric.P99, result.micros(99))
                .with(Metric.MAX, result.micros(100))
                .with(Metric.EVENTS, result.eventsPerSecond())
                .with(Metric.STREAMS, result.streamsPerSecond())
                .with(Metric.FAILED, result.failed())
                .with(Metric.LOAD_SHARE, 100 * result.ownShare())
                .with(Metric.UPSTREAM_SHARE, upstreamShare());
        return server.map(tree -> withServer(values, tree, result)).orElse(values);
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }

    private Values withServer(Values values, ProcessTree tree, LoadResult result) {
        double cpu = micros(tree.cpu().minus(cpuBefore));
        double compilers = micros(tree.compilerCpu().minus(compilersBefore));
        double events = Math.max(1, result.events());
        Values costs =
                values.with(Metric.CPU, cpu / events).with(Metric.CPU_STREAM, cpu / Math.max(1, result.completed()));
        if (!ProcessTree.hasProc()) {
            return costs;
        }
        look(tree);
        lookAtMemory(tree);
        return costs.with(Metric.CPU_COMPILED, (cpu - compilers) / events)
                .with(Metric.THREADS, (double) Math.max(0, threads.get() - stage.idleThreads()))
                .with(Metric.PSS, pss.get() / 1e6);
    }

    private double upstreamShare() {
        double used = micros(stage.upstream().processes().cpu().minus(upstreamBefore));
        return 100 * used / ((System.nanoTime() - started) / 1e3);
    }

    private void look(ProcessTree tree) {
        tree.threads().ifPresent(now -> threads.accumulateAndGet(now, Math::max));
        // The kernel walks all pages to tell, which delays a JVM of a gigabyte; and what a JVM has taken it keeps to
        // the end.
        if (!stage.peer().peer().isJvm()) {
            lookAtMemory(tree);
        }
    }

    private void lookAtMemory(ProcessTree tree) {
        tree.pss().ifPresent(now -> pss.accumulateAndGet(now, Math::max));
    }

    private static double micros(Duration time) {
        return time.toNanos() / 1e3;
    }
}
