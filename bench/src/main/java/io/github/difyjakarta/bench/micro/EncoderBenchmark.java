package io.github.difyjakarta.bench.micro;

import io.github.difyjakarta.sse.SseEncoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One event to the bytes of a frame, in nanoseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncoderBenchmark {
    /** Which events. */
    @Param({"TOKENS", "LONG_TEXTS", "NODES", "NON_ASCII"})
    public Shape shape = Shape.TOKENS;

    private List<byte[]> events = List.of();
    private int next;

    /** Makes the events. */
    @Setup
    public void prepare() {
        events = shape.events();
    }

    private byte[] next() {
        next = next + 1 < events.size() ? next + 1 : 0;
        return events.get(next);
    }

    /** As plain clients see them. */
    @Benchmark
    public byte[] plain() {
        return SseEncoder.data(next());
    }

    /** With the number that a resuming client names. */
    @Benchmark
    public byte[] numbered() {
        return SseEncoder.data(next, next());
    }
}
