package io.github.difyjakarta.client;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one stream between connection and subscriber: kept until asked for, delivered in order, one at a time, by
 * whichever thread brings the frame or the demand.
 *
 * <p>Thread-safe. Never calls out while it holds its lock.
 */
final class FrameQueue implements Flow.Subscription {
    /** What the connection wants to hear of. */
    interface Owner {
        /** Frames were taken out of the queue. */
        void onDrained();

        /** The subscriber left before the end. */
        void onCancelled();
    }

    private static final System.Logger LOGGER = System.getLogger(FrameQueue.class.getName());

    private final Owner owner;
    private final Object lock = new Object();
    private final ArrayDeque<DifyFrame> frames = new ArrayDeque<>();
    private final AtomicInteger deliveries = new AtomicInteger();

    private Flow.@Nullable Subscriber<? super DifyFrame> subscriber;
    private long pendingBytes;
    private long demand;
    private boolean ended;
    private boolean discarding;
    private @Nullable Throwable failure;
    private boolean told;

    FrameQueue(Owner owner) {
        this.owner = owner;
    }

    /** The one subscriber; what has come before it is kept for it. */
    void subscribe(Flow.Subscriber<? super DifyFrame> newcomer) {
        boolean first;
        synchronized (lock) {
            first = subscriber == null && !discarding;
            if (first) {
                subscriber = newcomer;
                // Nothing is delivered until onSubscribe has returned.
                deliveries.incrementAndGet();
            }
        }
        if (!first) {
            newcomer.onSubscribe(new Refused());
            newcomer.onError(new IllegalStateException("a stream has one subscriber, and had it"));
            return;
        }
        newcomer.onSubscribe(this);
        deliver(1);
    }

    boolean hasSubscriber() {
        synchronized (lock) {
            return subscriber != null;
        }
    }

    /** Bytes of JSON that nobody has asked for yet. */
    long pendingBytes() {
        synchronized (lock) {
            return pendingBytes;
        }
    }

    void offer(DifyFrame frame) {
        synchronized (lock) {
            if (discarding || ended) {
                return;
            }
            frames.add(frame);
            pendingBytes += frame.size();
        }
        deliver();
    }

    /** No more frames; what is queued is still delivered. */
    void end(@Nullable Throwable cause) {
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            failure = cause;
        }
        deliver();
    }

    /** Drops what is queued and all that follows. */
    void discard() {
        synchronized (lock) {
            discarding = true;
            frames.clear();
            pendingBytes = 0;
        }
        owner.onDrained();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            discard();
            end(new IllegalArgumentException("demand must be positive, not " + n));
            owner.onCancelled();
            return;
        }
        synchronized (lock) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        deliver();
    }

    @Override
    public void cancel() {
        boolean early;
        synchronized (lock) {
            early = !told;
            told = true;
        }
        discard();
        if (early) {
            owner.onCancelled();
        }
    }

    private void deliver() {
        if (deliveries.getAndIncrement() == 0) {
            deliver(1);
        }
    }

    private void deliver(int claimed) {
        int missed = claimed;
        do {
            boolean taken = false;
            while (deliverNext()) {
                taken = true;
            }
            if (taken) {
                owner.onDrained();
            }
            missed = deliveries.addAndGet(-missed);
        } while (missed != 0);
    }

    private boolean deliverNext() {
        Flow.Subscriber<? super DifyFrame> target;
        DifyFrame frame;
        Throwable cause;
        synchronized (lock) {
            target = subscriber;
            if (target == null || told) {
                return false;
            }
            frame = demand > 0 ? frames.poll() : null;
            if (frame != null) {
                demand--;
                pendingBytes -= frame.size();
            } else if (!ended || !frames.isEmpty()) {
                return false;
            } else {
                told = true;
            }
            cause = failure;
        }
        if (frame != null) {
            try {
                target.onNext(frame);
            } catch (RuntimeException e) {
                // Whatever a subscriber throws ends its own stream and nothing else.
                LOGGER.log(System.Logger.Level.ERROR, "A subscriber failed; its stream is ended", e);
                cancel();
            }
            return true;
        }
        if (cause == null) {
            target.onComplete();
        } else {
            target.onError(cause);
        }
        return false;
    }

    private static final class Refused implements Flow.Subscription {
        @Override
        public void request(long n) {
            // already refused
        }

        @Override
        public void cancel() {
            // already refused
        }
    }
}
