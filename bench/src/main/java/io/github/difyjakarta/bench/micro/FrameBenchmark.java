package io.github.difyjakarta.bench.micro;

import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.FrameParser;
import io.github.difyjakarta.client.event.OutcomeTracker;
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

/** What is read out of one event, in nanoseconds: its envelope on the way through the relay, all of it in the client. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {
    /** Which events. */
    @Param({"TOKENS", "LONG_TEXTS", "NODES", "NON_ASCII"})
    public Shape shape = Shape.TOKENS;

    private final FrameParser parser = new FrameParser();
    private final OutcomeTracker tracker = new OutcomeTracker();
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

    /** Name and ids, and what they say about the outcome. */
    @Benchmark
    public DifyFrame envelope() {
        DifyFrame frame = parser.parse(next());
        tracker.accept(frame);
        return frame;
    }

    /** The envelope of an event that stands alone. */
    @Benchmark
    public DifyFrame envelopeAlone() {
        return DifyFrame.of(next());
    }

    /** The typed event. */
    @Benchmark
    public DifyEvent typed() {
        return parser.parse(next()).toEvent();
    }
}
