package io.github.difyjakarta.bench.micro;

import io.github.difyjakarta.sse.SseDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Bytes of a stream to events. Read the counter {@code bytes}: it is bytes per second; 1,000,000,000 is the goal. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DecoderBenchmark {
    /** How the stream is cut on its way to the decoder. */
    public enum Cut {
        /** As much as a large read brings. */
        READS_OF_64_KIB,
        /** What the HTTP client's buffer holds. */
        READS_OF_8_KIB,
        /** One frame at a time, as Dify's chunks come when they are not hurried. */
        FRAMES,
        /** Pieces of 64 bytes: a network at its worst. */
        PIECES_OF_64_BYTES
    }

    /** Which stream. */
    @Param({"TOKENS", "LONG_TEXTS", "NODES", "NON_ASCII"})
    public Shape shape = Shape.TOKENS;

    /** Cut how. */
    @Param
    public Cut cut = Cut.READS_OF_8_KIB;

    private List<ByteBuffer> chunks = List.of();

    /** What went through. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Volume {
        /** Of the stream. */
        public long bytes;
        /** Dispatched. */
        public long events;
    }

    /** Cuts the stream. */
    @Setup
    public void cut() {
        byte[] stream = shape.stream();
        chunks = switch (cut) {
            case READS_OF_64_KIB -> pieces(stream, 64 * 1024);
            case READS_OF_8_KIB -> pieces(stream, 8 * 1024);
            case FRAMES -> frames(stream);
            case PIECES_OF_64_BYTES -> pieces(stream, 64);
        };
    }

    private static List<ByteBuffer> pieces(byte[] stream, int size) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int from = 0; from < stream.length; from += size) {
            pieces.add(ByteBuffer.wrap(stream, from, Math.min(size, stream.length - from)));
        }
        return pieces;
    }

    private static List<ByteBuffer> frames(byte[] stream) {
        List<ByteBuffer> frames = new ArrayList<>();
        int start = 0;
        for (int end = 2; end <= stream.length; end++) {
            if (stream[end - 1] == '\n' && stream[end - 2] == '\n') {
                frames.add(ByteBuffer.wrap(stream, start, end - start));
                start = end;
            }
        }
        return frames;
    }

    /** One stream from its first byte to its last. */
    @Benchmark
    public void decode(Volume volume, Blackhole events) {
        SseDecoder decoder = new SseDecoder(16 * 1024 * 1024, event -> {
            events.consume(event);
            volume.events++;
        });
        for (ByteBuffer chunk : chunks) {
            volume.bytes += chunk.remaining();
            decoder.feed(chunk.duplicate());
        }
    }
}
