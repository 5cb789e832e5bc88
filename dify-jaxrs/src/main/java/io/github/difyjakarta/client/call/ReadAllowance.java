package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.http.HttpTransport;
import java.util.function.IntConsumer;

/**
 * How much more of a stream is asked for: all of it while the reader keeps up, nothing while more than the bound waits for
 * it. Thread-safe.
 */
final class ReadAllowance {
    private final int highest;
    private final FrameQueue queue;
    private final StreamClock clock;
    private final IntConsumer read;

    // Guarded by this:
    private int unread;
    private boolean heldBack;

    /**
     * @param bound of bytes that wait; what was granted before may still come, and is counted in, down to half the bound
     * @param read asks the peer for so many bytes
     */
    ReadAllowance(int bound, FrameQueue queue, StreamClock clock, IntConsumer read) {
        this.highest = Math.max(bound / 2, bound - HttpTransport.WINDOW_BYTES);
        this.queue = queue;
        this.clock = clock;
        this.read = read;
    }

    /**
     * Bytes came, and were taken off the wire.
     *
     * @param holdable whether the peer may be kept waiting
     */
    void taken(int bytes, boolean holdable) {
        if (!holdable || queue.pendingBytes() <= highest) {
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
