package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one stream between connection and reader. A subscriber is handed them in order, one at a time, by whichever
 * thread brings the frames or the demand; those that are awaited are not kept. A thread that reads by itself {@linkplain
 * #take takes} them instead, many at once.
 *
 * <p>Thread-safe. Never calls out while it holds its lock, which is taken for a batch of frames and not for each of those
 * that are awaited.
 */
final class FrameQueue implements Flow.Subscription {
    /** What the connection wants to hear of. */
    interface Owner {
        /** Frames that had to wait were taken out of the queue. */
        void onDrained();

        /** The reader left before the end. */
        void onCancelled();
    }

    private final Owner owner;
    private final Object lock = new Object();
    // Written under the lock:
    private volatile long pendingBytes;
    private volatile boolean discarding;

    // Guarded by the lock:
    private final ArrayDeque<DifyFrame> frames = new ArrayDeque<>(0);
    private @Nullable Receiver receiver;
    /** There is a reader, or was. */
    private boolean claimed;

    private long demand;
    /** Wakes the thread that takes by itself. */
    private @Nullable Runnable taker;
    /** Bytes that it has taken and is not done with; they still count as pending. */
    private long takenBytes;

    private boolean ended;
    private @Nullable Throwable failure;
    /** The reader has heard its last signal. */
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
        Receiver target = new Receiver(Objects.requireNonNull(newcomer, "subscriber"), this);
        boolean first;
        synchronized (lock) {
            first = isFree();
            if (first) {
                receiver = target;
                claimed = true;
                // Nothing is delivered until onSubscribe has returned.
                delivering = true;
                pausing = true;
            }
        }
        if (!first) {
            Receiver.refuse(newcomer);
            return;
        }
        target.begin();
        deliver(target);
    }

    /**
     * A thread that takes frames by itself, in place of a subscriber.
     *
     * @param wake called when there may be something to take: once for what comes together, and at the end
     * @return false where there is a reader already, or was
     */
    boolean claim(Runnable wake) {
        synchronized (lock) {
            boolean first = isFree();
            if (first) {
                taker = wake;
                claimed = true;
            }
            return first;
        }
    }

    private boolean isFree() {
        return !claimed && !discarding;
    }

    /**
     * Moves the next frames to the one who claimed them, if any have come. They count as pending until the next call: so who
     * takes many at once holds the peer back no later than who takes one.
     *
     * @param most bytes; a larger frame comes alone
     * @return false when nothing has come and nothing will, see {@link #failure}
     */
    boolean take(Queue<DifyFrame> target, int most) {
        boolean more;
        synchronized (lock) {
            pendingBytes -= takenBytes;
            takenBytes = 0;
            for (DifyFrame next = frames.peek();
                    next != null && (takenBytes == 0 || takenBytes + next.size() <= most);
                    next = frames.peek()) {
                takenBytes += next.size();
                target.add(frames.remove());
            }
            more = !ended || takenBytes > 0;
            told |= !more;
        }
        owner.onDrained();
        return more;
    }

    /** Why it ended; null where it ended well, or goes on. */
    @Nullable Throwable failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /** Bytes of JSON that nobody is done with. */
    long pendingBytes() {
        return pendingBytes;
    }

    /** Nobody wants what has come. */
    boolean isDiscarded() {
        return discarding;
    }

    /**
     * What the connection brings together, in order.
     *
     * @param batch not kept
     */
    void offer(List<DifyFrame> batch) {
        Receiver target;
        int awaited;
        synchronized (lock) {
            if (discarding || ended) {
                return;
            }
            target = receiver;
            boolean direct = target != null && !delivering && frames.isEmpty();
            awaited = direct ? (int) Math.min(demand, batch.size()) : 0;
            long bytes = 0;
            for (int i = awaited; i < batch.size(); i++) {
                frames.add(batch.get(i));
                bytes += batch.get(i).size();
            }
            pendingBytes += bytes;
            if (target == null || awaited == 0) {
                return; // whoever delivers, takes, or brings the demand, is on its way
            }
            demand -= awaited;
            delivering = true;
            gathered = true;
            pausing = false;
        }
        for (int i = 0; i < awaited && !discarding; i++) {
            target.next(batch.get(i));
        }
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
            takenBytes = 0;
        }
        owner.onDrained();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            discard();
            synchronized (lock) {
                ended = true;
                failure = new IllegalArgumentException("demand must be positive, not " + n);
            }
            deliver();
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
            receiver = null; // a stream that is kept must not keep who left it
        }
        discard();
        if (early) {
            owner.onCancelled();
        }
    }

    private void deliver() {
        Receiver target;
        Runnable wake;
        synchronized (lock) {
            target = receiver;
            wake = taker;
            if (target != null && delivering) {
                return;
            }
            delivering = target != null;
        }
        if (target != null) {
            deliver(target);
        } else if (wake != null) {
            wake.run();
        }
    }

    /** Delivers all that is due, by the one thread that has claimed to. */
    private void deliver(Receiver target) {
        boolean drained = false;
        boolean more;
        do {
            DifyFrame frame = null;
            boolean last = false;
            boolean pause = false;
            Throwable cause;
            synchronized (lock) {
                cause = failure;
                if (!told && frames.isEmpty()) {
                    last = ended;
                    told = ended;
                } else if (!told && demand > 0) {
                    frame = frames.remove();
                }
                more = frame != null;
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
                target.next(frame);
            } else if (pause) {
                target.pause();
            } else if (last) {
                target.end(cause);
            }
        } while (more);
        if (drained) {
            owner.onDrained();
        }
    }
}
