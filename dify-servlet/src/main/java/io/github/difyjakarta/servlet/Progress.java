package io.github.difyjakarta.servlet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a stream get on: whether they are gathered, since when the container takes none, and who waits until
 * they are few. Confined to the lock of its {@link StreamState}, like the bytes.
 */
final class Progress {

    private final ByteQueue queue;
    private final LongSupplier nanoTime;
    private boolean corked;
    private boolean waiting;
    private long waitingSince;
    private long drained = EventStreamOutput.DRAINED_BYTES;
    private @Nullable Runnable dispatch;
    private List<Runnable> callbacks = new ArrayList<>(0);

    Progress(ByteQueue queue, LongSupplier nanoTime) {
        this.queue = queue;
        this.nanoTime = nanoTime;
    }

    void cork() {
        corked = true;
    }

    void uncork() {
        corked = false;
    }

    /** What a stream whose head may leave does next, and lastly when nothing is to be sent. */
    Drain.Step nextStep(boolean writable, boolean headOut, boolean unflushed, Drain.Step lastly) {
        if (corked) {
            return Drain.Step.REST;
        }
        if (!writable) {
            return Drain.Step.WAIT;
        }
        if (!headOut) {
            return Drain.Step.HEAD;
        }
        if (queue.hasReady() || unflushed) {
            return Drain.Step.SEND;
        }
        if (lastly == Drain.Step.REST) {
            waiting = false;
            return dispatch == null ? Drain.Step.REST : Drain.Step.DISPATCH;
        }
        return lastly;
    }

    void dispatch(Runnable newDispatch) {
        dispatch = newDispatch;
    }

    Runnable takeDispatch() {
        Runnable due = Objects.requireNonNull(dispatch, "no dispatch is due");
        dispatch = null;
        return due;
    }

    /** The container takes nothing now. */
    void mustWait() {
        if (!waiting) {
            waiting = true;
            waitingSince = nanoTime.getAsLong();
        }
    }

    boolean isWaiting() {
        return waiting;
    }

    /** The container takes something. */
    void goesOn() {
        waiting = false;
    }

    Duration stalledFor() {
        return waiting ? Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - waitingSince)) : Duration.ZERO;
    }

    /** Few bytes are this many, from now on. */
    void drainedAt(long bytes) {
        drained = bytes;
    }

    boolean isDrained() {
        return queue.size() <= drained;
    }

    /** See {@link StreamState#awaitDrained}. */
    boolean await(Runnable callback) {
        if (isDrained()) {
            return false;
        }
        callbacks.add(callback);
        return true;
    }

    List<Runnable> takeCallbacks() {
        if (callbacks.isEmpty() || !isDrained()) {
            return List.of();
        }
        List<Runnable> due = callbacks;
        callbacks = new ArrayList<>(0);
        return due;
    }

    void close() {
        waiting = false;
        dispatch = null;
        callbacks = new ArrayList<>(0);
    }
}
