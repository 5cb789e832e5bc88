package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to a thread that waits for them. It takes frames many at once, so that the connection's thread is met once for
 * each such batch and not for each event, and types them one by one. Confined to the waiting thread.
 */
final class EventIterator implements Iterator<DifyEvent> {
    /** The part of the buffer that is taken at once: the rest is being filled meanwhile. */
    private static final int BATCHES_IN_A_BUFFER = 4;

    private final FrameQueue queue;
    private final int batchBytes;
    private final ArrayDeque<DifyFrame> batch = new ArrayDeque<>();
    /** A permit says that there may be something to take. */
    private final Semaphore arrival = new Semaphore(0);

    private @Nullable DifyEvent next;
    private @Nullable Throwable failure;
    private boolean ended;

    /**
     * @param bufferBytes that may wait in the queue before the peer must
     */
    EventIterator(FrameQueue queue, int bufferBytes) {
        this.queue = queue;
        this.batchBytes = bufferBytes / BATCHES_IN_A_BUFFER;
        if (!queue.claim(arrival::release)) {
            end(Receiver.tooLate());
        }
    }

    /**
     * @throws DifyException when the answer is not whole, or the waiting thread was interrupted; its flag is set again then,
     *     and the run is stopped
     */
    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = read();
        }
        if (failure instanceof RuntimeException cause) {
            throw cause;
        }
        return next != null;
    }

    @Override
    public DifyEvent next() {
        DifyEvent event = hasNext() ? next : null;
        if (event == null) {
            throw new NoSuchElementException("the stream has ended");
        }
        next = null;
        return event;
    }

    private @Nullable DifyEvent read() {
        try {
            DifyFrame frame = await();
            if (frame != null) {
                return DifyStream.typed(frame);
            }
            end(queue.failure());
        } catch (DifyStreamException e) {
            queue.cancel();
            end(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            queue.cancel();
            end(new DifyStreamException(
                    DifyConnectionException.CANCELLED, "interrupted while waiting for Dify's answer", e));
        }
        return null;
    }

    /** The next frame; null at the end. */
    private @Nullable DifyFrame await() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (queue.isDiscarded()) {
            batch.clear();
        }
        while (batch.isEmpty()) {
            if (!queue.take(batch, batchBytes)) {
                return null;
            }
            if (batch.isEmpty()) {
                awaitArrival();
            }
        }
        return batch.remove();
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitArrival() throws InterruptedException {
        // Where many streams are read, giving way once is often enough, and cheaper than to be put to sleep and woken.
        Thread.yield();
        if (!arrival.tryAcquire()) {
            arrival.acquire();
        }
        arrival.drainPermits();
    }

    private void end(@Nullable Throwable cause) {
        ended = true;
        failure = cause;
    }
}
