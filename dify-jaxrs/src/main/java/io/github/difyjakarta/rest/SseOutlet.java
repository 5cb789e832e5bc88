package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.relay.Outlet;
import io.github.difyjakarta.relay.RelayConfig;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.servlet.EventStreamOutput;
import io.github.difyjakarta.sse.SseEncoder;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A browser behind an {@link SseEventSink}, whose output is the streaming filter's: sending never blocks, and until the first
 * event nothing has gone out, so that a refusal still has its status.
 */
final class SseOutlet implements Outlet {
    private static final System.Logger LOG = System.getLogger(SseOutlet.class.getName());

    private static final byte[] NOTHING = {};
    /** Longer than any answer may take. */
    private static final Duration NEVER = Duration.ofDays(1);

    private final SseEventSink sink;
    private final EventStreamOutput output;
    private final Dialect dialect;
    /** Until then a first keep-alive waits with the head; a second would only be one more. */
    private final long heldUntil;

    private volatile boolean begun;
    // Confined, like all calls, to who has something to write:
    /** Waits for {@link #flush}. */
    private final List<byte[]> gathered = new ArrayList<>(1);
    /** The number in the stream of the next event that is flushed. */
    private long number;

    private SseOutlet(SseEventSink sink, EventStreamOutput output, Dialect dialect, Duration held, long number) {
        this.sink = sink;
        this.output = output;
        this.dialect = dialect;
        this.heldUntil = System.nanoTime() + held.toNanos();
        this.number = number;
    }

    /**
     * A stream that begins with Dify's first event, or with a keep-alive when that takes too long. To be called in the
     * request thread: the keep-alive is sent by it, since a sink that is first used by another thread can lose its tail.
     */
    static SseOutlet open(SseEventSink sink, EventStreamOutput output, Dialect dialect, RelayConfig config) {
        return resume(sink, output, dialect, config, 0);
    }

    /** The same for a browser that has had some events already: the next one's number follows the last one's. */
    static SseOutlet resume(
            SseEventSink sink, EventStreamOutput output, Dialect dialect, RelayConfig config, long last) {
        output.hold(config.preambleAfter(), NOTHING);
        SseOutlet outlet = new SseOutlet(sink, output, dialect, config.preambleAfter(), last + 1);
        outlet.send(new SseFrame(dialect.keepAlive(), null));
        return outlet;
    }

    /** An answer that will be one {@link #document}: nothing goes out before. */
    static SseOutlet withheld(SseEventSink sink, EventStreamOutput output) {
        output.hold(NEVER, NOTHING);
        return new SseOutlet(sink, output, Dialect.DIFY, NEVER, 1);
    }

    @Override
    public void event(DifyFrame frame) {
        gathered.add(frame.jsonBytes());
    }

    @Override
    public void flush() {
        if (gathered.isEmpty()) {
            return;
        }
        if (!begun) {
            begun = true;
            output.release();
        }
        byte[] frames = dialect.frames(number, gathered);
        number += gathered.size();
        gathered.clear();
        send(new SseFrame(frames, null));
    }

    @Override
    public void keepAlive() {
        if (!begun && System.nanoTime() - heldUntil < 0) {
            return;
        }
        flush();
        send(new SseFrame(dialect.keepAlive(), null));
    }

    @Override
    public void error(RelayError error) {
        flush(); // what came goes out, and the answer has begun then
        if (Reply.problem(error).sendBy(output)) {
            closeSink();
            return;
        }
        byte[] frame = SseEncoder.data(error.toEvent());
        if (!send(new SseFrame(frame, null))) {
            output.writeDirect(frame); // the sink has failed; the browser is told all the same
        }
        end();
    }

    /** Answers with a JSON document in place of a stream. */
    void document(byte[] json) {
        Reply.document(json).sendBy(output);
        closeSink();
    }

    /**
     * The last frame has no bytes: when its turn comes all others have been written, whoever writes them. The sink is closed
     * only after that, since one that is closed while another thread still writes drops what is queued.
     */
    @Override
    public void end() {
        flush();
        output.release();
        AtomicBoolean reached = new AtomicBoolean();
        boolean sent = send(new SseFrame(NOTHING, () -> {
            reached.set(true);
            output.finish();
        }));
        if (!sent) {
            output.finish();
        }
        if (reached.get()) {
            closeSink();
        }
    }

    @Override
    public void abort() {
        output.abort();
        closeSink();
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The browser was gone before the end of its stream", e);
        }
    }

    private boolean send(SseFrame frame) {
        if (sink.isClosed()) {
            return false;
        }
        try {
            return !sink.send(frame).toCompletableFuture().isCompletedExceptionally();
        } catch (IllegalStateException | UncheckedIOException e) {
            return false; // closed between the question and the call: the browser is gone, and onClosed tells
        }
    }

    @Override
    public long pendingBytes() {
        return output.pendingBytes();
    }

    @Override
    public Duration stalledFor() {
        return output.stalledFor();
    }

    @Override
    public void onDrained(Runnable callback) {
        output.onDrained(callback);
    }

    @Override
    public void onClosed(Runnable callback) {
        output.onClosed(cause -> callback.run());
    }
}
