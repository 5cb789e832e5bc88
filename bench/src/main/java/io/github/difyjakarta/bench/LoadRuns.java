package io.github.difyjakarta.bench;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.load.LoadGenerator;
import io.github.difyjakarta.bench.peer.Peer;
import io.github.difyjakarta.bench.peer.ProcessTree;
import io.github.difyjakarta.bench.peer.RunningPeer;
import io.github.difyjakarta.bench.peer.Upstream;
import io.github.difyjakarta.bench.scenario.Scenario;
import io.github.difyjakarta.bench.scenario.Stage;
import io.github.difyjakarta.bench.scenario.Values;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Puts load on peers, run after run, and prints tables. With several peers, all stand ready at the same time and take turns, so that
 * what else goes on at the machine hits one as the other. {@link #close} ends all that was started.
 */
final class LoadRuns implements AutoCloseable {

    private final Arguments arguments;
    private final PrintStream out;
    private final Upstream upstream;
    private final List<Stage> stages = new ArrayList<>();

    private LoadRuns(Arguments arguments, PrintStream out, Upstream upstream) {
        this.arguments = arguments;
        this.out = out;
        this.upstream = upstream;
    }

    /**
     * Measures.
     *
     * @param build the module's {@code target} directory
     */
    static void run(Arguments arguments, Path build, PrintStream out) throws IOException, InterruptedException {
        out.println(machine());
        try (LoadRuns runs = new LoadRuns(arguments, out, Upstream.start(build, build.resolve("runs")))) {
            runs.startPeers();
            for (Scenario scenario : arguments.scenarios()) {
                runs.measure(scenario);
            }
        }
    }

    @Override
    public void close() {
        stages.forEach(stage -> stage.peer().close());
        upstream.close();
    }

    private void startPeers() throws IOException, InterruptedException {
        for (Peer peer : arguments.peers()) {
            Optional<String> missing = peer.missing();
            if (missing.isPresent()) {
                out.println(peer.name() + " is skipped: " + missing.get());
            } else {
                startPeer(peer);
            }
        }
    }

    private void startPeer(Peer peer) throws IOException, InterruptedException {
        out.println(peer.name() + " starts and is warmed up");
        RunningPeer running = RunningPeer.start(peer, upstream.placeOf(peer));
        // Known from here on, so that it is ended whatever happens while it warms up.
        stages.add(new Stage(upstream, running, 0));
        warmUp(running);
        long idle = running.processes()
                .map(ProcessTree::threads)
                .orElse(OptionalLong.empty())
                .orElse(0);
        stages.set(stages.size() - 1, new Stage(upstream, running, idle));
    }

    private void warmUp(RunningPeer peer) {
        long end = System.nanoTime() + (peer.peer().isJvm() ? arguments.warmUp() : Duration.ZERO).toNanos();
        do {
            for (Load load : Scenario.warmUp()) {
                LoadGenerator.run(peer.target(), load);
            }
        } while (System.nanoTime() - end < 0);
    }

    private void measure(Scenario scenario) throws IOException, InterruptedException {
        Report report = new Report(scenario);
        for (int round = 1; round <= arguments.runs(); round++) {
            for (Stage stage : stages) {
                Values values = scenario.run(stage);
                String peer = stage.peer().peer().name();
                report.add(peer, values);
                out.println(peer + " " + scenario.name() + " " + round + ": " + report.line(values));
            }
        }
        out.println();
        out.println(report.table());
    }

    private static String machine() {
        Runtime.Version version = Runtime.version();
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors()
                + " processors, load average "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() + ", "
                + System.getProperty("java.vm.name") + " " + version
                + (ProcessTree.hasProc() ? "" : "; without /proc there is no telling threads, memory and compilers");
    }
}
