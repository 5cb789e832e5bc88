package io.github.difyjakarta.client;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one stream between connection and subscriber: kept until asked for, delivered in order, one at a time, by
 * whichever thread brings the frame or the demand. A frame that is awaited is handed over without being kept.
 *
 * <p>Thread-safe. Never calls out while it holds its lock.
 */
final class FrameQueue implements Flow.Subscription {
    /** What the connection wants to hear of. */
    interface Owner {
        /** Frames that had to wait were taken out of the queue. */
        void onDrained();

        /** The subscriber left before the end. */
        void onCancelled();
    }

    private static final System.Logger LOGGER = System.getLogger(FrameQueue.class.getName());

    private final Owner owner;
    private final Object lock = new Object();
    private volatile long pendingBytes;

    // Guarded by the lock:
    private final ArrayDeque<DifyFrame> frames = new ArrayDeque<>(0);
    private Flow.@Nullable Subscriber<? super DifyFrame> subscriber;
    private long demand;
    private boolean ended;
    private boolean discarding;
    private @Nullable Throwable failure;
    /** The subscriber has heard its last signal. */
    private boolean told;
    /** A thread is with the subscriber; it looks again before it leaves. */
    private boolean delivering;
    /** The subscriber has got frames since its last pause. */
    private boolean gathered;
    /** Nothing follows at once. */
    private boolean pausing;

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
                delivering = true;
                pausing = true;
            }
        }
        if (!first) {
            newcomer.onSubscribe(new Refused());
            newcomer.onError(new IllegalStateException("a stream has one subscriber, and had it"));
            return;
        }
        newcomer.onSubscribe(this);
        deliver(newcomer);
    }

    boolean hasSubscriber() {
        synchronized (lock) {
            return subscriber != null;
        }
    }

    /** Bytes of JSON that nobody has asked for yet. */
    long pendingBytes() {
        return pendingBytes;
    }

    void offer(DifyFrame frame) {
        Flow.Subscriber<? super DifyFrame> target;
        synchronized (lock) {
            if (discarding || ended) {
                return;
            }
            target = subscriber;
            if (target == null || delivering || demand == 0 || !frames.isEmpty()) {
                frames.add(frame);
                pendingBytes += frame.size();
                return; // whoever delivers, or brings the demand, is on its way
            }
            demand--;
            delivering = true;
            gathered = true;
            pausing = false;
        }
        next(target, frame);
        deliver(target);
    }

    /** The connection has brought all that it can at once. */
    void pause() {
        synchronized (lock) {
            pausing = true;
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
            if (delivering || frames.isEmpty()) {
                return;
            }
            pausing = true;
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
        Flow.Subscriber<? super DifyFrame> target;
        synchronized (lock) {
            target = subscriber;
            if (target == null || delivering) {
                return;
            }
            delivering = true;
        }
        deliver(target);
    }

    /** Delivers all that is due, by the one thread that has claimed to. */
    private void deliver(Flow.Subscriber<? super DifyFrame> target) {
        boolean drained = false;
        boolean more;
        do {
            DifyFrame frame = null;
            boolean last = false;
            boolean pause = false;
            Throwable cause;
            synchronized (lock) {
                cause = failure;
                if (told) {
                    more = false;
                } else if (!frames.isEmpty()) {
                    frame = demand > 0 ? frames.remove() : null;
                    more = frame != null;
                } else {
                    last = ended;
                    told = ended;
                    more = false;
                }
                if (frame != null) {
                    demand--;
                    pendingBytes -= frame.size();
                    gathered = true;
                } else if (!told && gathered && pausing) {
                    gathered = false;
                    pause = true;
                    more = true;
                }
                delivering = more;
            }
            if (frame != null) {
                drained = true;
                next(target, frame);
            } else if (pause) {
                pause(target);
            } else if (last && cause == null) {
                target.onComplete();
            } else if (last) {
                target.onError(cause);
            }
        } while (more);
        if (drained) {
            owner.onDrained();
        }
    }

    private void next(Flow.Subscriber<? super DifyFrame> target, DifyFrame frame) {
        try {
            target.onNext(frame);
        } catch (RuntimeException e) {
            // Whatever a subscriber throws ends its own stream and nothing else.
            LOGGER.log(System.Logger.Level.ERROR, "A subscriber failed; its stream is ended", e);
            cancel();
        }
    }

    private void pause(Flow.Subscriber<? super DifyFrame> target) {
        if (target instanceof BatchSubscriber batches) {
            try {
                batches.onPause();
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "A subscriber failed; its stream is ended", e);
                cancel();
            }
        }
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
