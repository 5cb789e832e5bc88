package io.github.difyjakarta.bench.client;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Streams the same answers through several clients, in rounds that take turns, and prints a table in Markdown: median and
 * spread of events per second and of CPU per event, collector and compiler included. {@code -Drounds=…} (default 7) counts after
 * the warm-up; {@code -Dstreams=…} (default 1,8,16) are read at once.
 */
public final class ClientComparison {
    private static final int EVENTS = 20_000;
    private static final int WARM_UP_ROUNDS = 4;
    /** Fewer streams are read several times in a round: the clock of CPU time ticks but a hundred times a second. */
    private static final int STREAMS_IN_A_ROUND = 16;

    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final List<Integer> STREAMS = Stream.of(
                    System.getProperty("streams", "1,8,16").split(","))
            .map(Integer::valueOf)
            .toList();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private record Round(double eventsPerSecond, double cpuMicros) {}

    private final Transcript transcript;
    private final Upstream upstream;

    private ClientComparison(Transcript transcript, Upstream upstream) {
        this.transcript = transcript;
        this.upstream = upstream;
    }

    /**
     * Runs.
     *
     * @param only names of contenders, or parts of them; all where there are none
     * @throws Exception when an answer is wrong, or does not come within a minute
     */
    public static void main(String... only) throws Exception {
        Transcript transcript = Transcript.of(EVENTS);
        try (Upstream upstream = new Upstream(transcript)) {
            List<Contender> contenders = contenders(upstream.url());
            contenders.removeIf(each -> only.length > 0 && Stream.of(only).noneMatch(each.name()::contains));
            for (int streams : STREAMS) {
                new ClientComparison(transcript, upstream).compare(contenders, streams, System.out);
            }
            contenders.forEach(Contender::close);
        }
    }

    private static List<Contender> contenders(URI url) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new RawReader(url));
        contenders.add(new OtherClient(url));
        for (OurClient.Way way : OurClient.Way.values()) {
            contenders.add(new OurClient(way, url));
        }
        return contenders;
    }

    private void compare(List<Contender> contenders, int streams, PrintStream out) throws Exception {
        Map<Contender, List<Round>> rounds = new LinkedHashMap<>();
        for (int i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
            for (Contender contender : contenders) {
                Round round = run(contender, streams);
                if (i >= WARM_UP_ROUNDS) {
                    rounds.computeIfAbsent(contender, none -> new ArrayList<>()).add(round);
                }
            }
        }
        out.printf("%n| %d streams × %,d events | events/s | CPU µs/event |%n|---|---|---|%n", streams, EVENTS);
        rounds.forEach((contender, measured) -> out.printf(
                "| %s | %s | %s |%n",
                contender.name(),
                spread("%,.0f", measured.stream().map(Round::eventsPerSecond)),
                spread("%.2f", measured.stream().map(Round::cpuMicros))));
    }

    private Round run(Contender contender, int streams)
            throws ExecutionException, InterruptedException, TimeoutException {
        long upstreamCpu = upstream.cpuNanos();
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        int times = Math.max(1, STREAMS_IN_A_ROUND / streams);
        for (int i = 0; i < times; i++) {
            readAtOnce(contender, streams);
        }
        long nanos = System.nanoTime() - start;
        long spent = PROCESS.getProcessCpuTime() - cpu - (upstream.cpuNanos() - upstreamCpu);
        double events = (double) times * streams * (transcript.events() + 1);
        return new Round(events * 1e9 / nanos, spent / 1e3 / events);
    }

    private void readAtOnce(Contender contender, int streams)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            answers.add(contender.read());
        }
        for (CompletableFuture<String> answer : answers) {
            if (!answer.get(1, TimeUnit.MINUTES).equals(contender.expected(transcript))) {
                throw new IllegalStateException(contender.name() + " read another answer than was sent");
            }
        }
    }

    private static String spread(String format, Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        String pattern = format + " (" + format + "..." + format + ")";
        return String.format(
                Locale.ROOT, pattern, sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
