package io.github.difyjakarta.client.call;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one download between connection and taker, handed on in order, one signal at a time, and none that was not
 * asked for. What waits is bounded by what the peer was allowed to send.
 *
 * <p>Thread-safe. Never calls out while it holds its lock.
 */
final class ByteQueue implements Flow.Subscription {
    /** What the connection wants to hear of. */
    interface Owner {
        /** The taker has got so many bytes: the peer may send as many more. */
        void onTaken(int bytes);

        /** The taker left before the end. */
        void onCancelled();
    }

    private final Flow.Subscriber<? super List<ByteBuffer>> taker;
    private final Owner owner;

    // Guarded by this:
    private List<ByteBuffer> waiting = new ArrayList<>();
    private int waitingBytes;
    private long demand;
    private boolean ended;
    private @Nullable Throwable failure;
    /** The taker has heard its last signal. */
    private boolean told;
    /** A thread is with the taker; it looks again before it leaves. */
    private boolean delivering = true;

    /** Nothing is delivered before it {@linkplain #begin begins}. */
    ByteQueue(Flow.Subscriber<? super List<ByteBuffer>> taker, Owner owner) {
        this.taker = taker;
        this.owner = owner;
    }

    void begin() {
        taker.onSubscribe(this);
        deliverOn();
    }

    /** Whether the taker waits for the peer, and not the other way round. */
    synchronized boolean isHungry() {
        return demand > 0 && waiting.isEmpty();
    }

    /** Takes bytes that are copied here; they go on with the next {@link #deliver}. */
    void add(ByteBuffer bytes) {
        ByteBuffer copy =
                ByteBuffer.allocate(bytes.remaining()).put(bytes).flip().asReadOnlyBuffer();
        synchronized (this) {
            if (!told) {
                waiting.add(copy);
                waitingBytes += copy.remaining();
            }
        }
    }

    /** Nothing follows what waits, which is still handed on. */
    void end(@Nullable Throwable cause) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            failure = cause;
        }
        deliver();
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            if (n <= 0) {
                ended = true;
                failure = new IllegalArgumentException("demand must be positive, not " + n);
                waiting.clear();
            } else {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            }
        }
        deliver();
        if (n <= 0) {
            owner.onCancelled();
        }
    }

    @Override
    public void cancel() {
        boolean early;
        synchronized (this) {
            early = !told;
            told = true;
            waiting.clear();
        }
        if (early) {
            owner.onCancelled();
        }
    }

    /** Hands on what waits, as far as it is asked for. */
    void deliver() {
        synchronized (this) {
            if (delivering) {
                return;
            }
            delivering = true;
        }
        deliverOn();
    }

    /** By the one thread that has claimed to. */
    private void deliverOn() {
        boolean more;
        do {
            List<ByteBuffer> bytes = List.of();
            int size = 0;
            boolean last = false;
            Throwable cause;
            synchronized (this) {
                cause = failure;
                if (!told && !waiting.isEmpty() && demand > 0) {
                    demand -= demand == Long.MAX_VALUE ? 0 : 1;
                    bytes = waiting;
                    size = waitingBytes;
                    waiting = new ArrayList<>();
                    waitingBytes = 0;
                } else if (!told && waiting.isEmpty()) {
                    last = ended;
                    told = ended;
                }
                more = !bytes.isEmpty();
                delivering = more;
            }
            if (more) {
                owner.onTaken(size);
                taker.onNext(List.copyOf(bytes));
            } else if (last && cause == null) {
                taker.onComplete();
            } else if (last) {
                taker.onError(cause);
            }
        } while (more);
    }
}
