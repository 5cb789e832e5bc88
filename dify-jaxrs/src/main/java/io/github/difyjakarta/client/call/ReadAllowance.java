package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.http.HttpTransport;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * How much more of a stream is asked for: all of it while the reader keeps up, nothing while more than the bound waits for
 * it. Thread-safe.
 */
final class ReadAllowance {
    private final Limits limits;
    private final BooleanSupplier holdable;
    private final int highest;
    private final FrameQueue queue;
    private final StreamClock clock;
    private final IntConsumer read;

    // Guarded by this:
    private int unread;
    private boolean heldBack;

    /**
     * @param limits whose bound of bytes that wait holds; what was granted before may still come, and is counted in, down to half
     *     the bound
     * @param holdable whether the peer may be kept waiting; asked on the connection's thread
     * @param read asks the peer for so many bytes
     */
    ReadAllowance(Limits limits, BooleanSupplier holdable, FrameQueue queue, StreamClock clock, IntConsumer read) {
        int bound = limits.bufferBytes();
        this.limits = limits;
        this.holdable = holdable;
        this.highest = Math.max(bound / 2, bound - HttpTransport.WINDOW_BYTES);
        this.queue = queue;
        this.clock = clock;
        this.read = read;
    }

    /** Bytes came, and were taken off the wire. Confined to the connection's thread. */
    void taken(int bytes) {
        if (!holdable.getAsBoolean() || queue.pendingBytes() <= highest) {
            read.accept(bytes);
            return;
        }
        synchronized (this) {
            unread += bytes;
            heldBack = true;
            clock.holdBack(true);
        }
        if (queue.pendingBytes() <= highest) {
            drained(); // it drained while we decided
        }
    }

    /**
     * What ends a stream of which more waits than may, and which must not be held back. The run is Dify's: it goes on, and its
     * result is in the run's detail; only this reader is done. Confined to the connection's thread.
     */
    Optional<DifyStreamException> exceeded() {
        long most = limits.maxUnsentBytes();
        return queue.pendingBytes() > most && !holdable.getAsBoolean()
                ? Optional.of(new DifyStreamException(
                        DifyStreamException.SLOW_READER,
                        "the subscriber left more than " + most + " bytes of a stream that must not be held back"))
                : Optional.empty();
    }

    /** The reader has taken something; at half of what may wait the peer may go on. */
    void drained() {
        int owed;
        synchronized (this) {
            if (!heldBack || queue.pendingBytes() > highest / 2) {
                return;
            }
            owed = unread;
            unread = 0;
            heldBack = false;
            clock.holdBack(false);
        }
        read.accept(owed);
    }
}
