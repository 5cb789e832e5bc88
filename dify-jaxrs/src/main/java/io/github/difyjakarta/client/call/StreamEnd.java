package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.call.StreamClock.Phase;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.OutcomeTracker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one end of a stream, whoever brings it about: Dify's last event, a stop, a reader who leaves, the clock, or a failure. Nothing
 * of the stream is left after it, and the run is stopped where it would go on for nobody.
 *
 * <p>Thread-safe: entered by the connection's I/O thread, the scheduler and the subscriber's threads.
 */
final class StreamEnd {
    private final Task task;
    private final boolean owned;
    private final Continuation continuation;
    private final Attempts attempts;
    private final Place place;
    private final FrameQueue queue;
    private final OutcomeTracker tracker;
    private final StreamClock clock;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private volatile boolean abandoned;
    private volatile boolean stopRequested;
    /** A terminal event came; what the tracker knows is the I/O thread's. */
    private volatile boolean terminated;
    /** What the head of the answer says beside the stream. */
    private volatile DifyApiException.Reply reply = DifyApiException.Reply.NONE;

    /**
     * @param owned whether the run ends with its reader; else the reader only watches
     * @param tracker what the events say about the end
     */
    StreamEnd(
            Task task,
            boolean owned,
            Continuation continuation,
            Attempts attempts,
            Place place,
            FrameQueue queue,
            OutcomeTracker tracker,
            StreamClock clock) {
        this.task = task;
        this.owned = owned;
        this.continuation = continuation;
        this.attempts = attempts;
        this.place = place;
        this.queue = queue;
        this.tracker = tracker;
        this.clock = clock;
    }

    /** Completes when Dify has accepted: its head came and promises a stream. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    /** How it ended; exceptional only where it never began. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    // ---- by who asked

    /** Asks Dify to end the run; the stream then comes to its own end. */
    void stop() {
        stopRequested = !terminated;
        sendStop();
    }

    /**
     * Nobody reads any more. A run that has begun is stopped and read on to its end, since Dify keeps the partial answer only
     * then; before its first frame there is nothing to name in a stop call, so that is waited for.
     */
    void abandon() {
        if (abandoned || clock.isEnded()) {
            return;
        }
        abandoned = true;
        queue.discard();
        switch (clock.phase()) {
            case ACQUIRING, CONNECTING -> fail(DifyConnectionException.cancelled());
            default -> {
                if (terminated) {
                    finish(tracker.atEnd(), null);
                } else if (owned) {
                    sendStop();
                } else {
                    fail(DifyConnectionException.cancelled());
                }
            }
        }
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** Whether who asked has lost interest. */
    boolean isGivenUp() {
        return abandoned || stopRequested;
    }

    /** Ends it now, without a word to Dify but the closed connection. */
    void shutDown() {
        if (opened.isDone()) {
            fail(new DifyStreamException(DifyStreamException.SHUTTING_DOWN, "the client was closed"));
        } else {
            fail(DifyConnectionException.cancelled());
        }
    }

    // ---- by what comes in, on the I/O thread

    /** A head came. */
    void replied(DifyApiException.Reply told) {
        reply = told;
    }

    /** Whether these frames, which the tracker has seen, are for the reader; else the end has come, or nobody reads. */
    boolean goesOn(List<DifyFrame> batch) {
        if (clock.isEnded()) {
            return false;
        }
        task.learn(batch);
        if (continuation.isBrokenBy(batch)) {
            DifyApiException refused = Continuation.refusal(reply);
            stopAfter(
                    () -> finish(new Outcome.Failed(refused.status(), refused.code(), refused.difyMessage()), refused));
            return false;
        }
        if (!terminated) {
            terminated = tracker.outcome().isPresent();
            if (stopRequested && !terminated) {
                sendStop(); // asked for before there was a task to name
            }
        }
        if (abandoned) {
            if (terminated) {
                finish(tracker.atEnd(), null);
            } else {
                sendStop();
            }
            return false;
        }
        return true;
    }

    /**
     * Nothing follows.
     *
     * @param cut what that is where the events have not said how the run ended
     */
    void noMoreComes(DifyStreamException cut) {
        if (tracker.outcome().isPresent()) {
            finish(tracker.atEnd(), null);
        } else {
            fail(cut);
        }
    }

    // ---- by the clock

    void onLate(Phase late) {
        switch (late) {
            case ENDED -> {
                // it ended while the timer ran
            }
            case LINGERING, DRAINING -> finish(tracker.atEnd(), null);
            default -> {
                if (terminated) {
                    finish(tracker.atEnd(), null); // all that was awaited is a chatflow's other end
                } else {
                    stopAfter(() -> fail(clock.failure(late)));
                }
            }
        }
    }

    // ---- the end

    private void sendStop() {
        if (clock.isEnded()) {
            return;
        }
        Optional<Runnable> stop = task.claimStop();
        if (stop.isPresent() && abandoned) {
            clock.enter(Phase.DRAINING);
        }
        stop.ifPresent(Runnable::run);
    }

    /** Ends it, and then the run: a stopped run ends as if its answer were whole. */
    private void stopAfter(Runnable end) {
        Optional<Runnable> stop = owned && !clock.isEnded() ? task.claimStop() : Optional.empty();
        end.run();
        stop.ifPresent(Runnable::run);
    }

    /** It has failed, before or after it began. */
    void fail(DifyException cause) {
        if (opened.isDone()) {
            finish(new Outcome.Truncated(cause.code()), cause);
        } else {
            finish(null, cause);
        }
    }

    /** What others wait for comes first, and what the reader gets to know last: by then the outcome is there, and the place free. */
    private void finish(@Nullable Outcome end, @Nullable DifyException cause) {
        if (!clock.end()) {
            return;
        }
        attempts.end();
        place.release();
        Outcome told = end instanceof Outcome.Completed && stopRequested ? new Outcome.Stopped() : end;
        DifyException error = cause != null ? cause : failureOf(told);
        if (told == null) {
            DifyException reason = error == null ? DifyConnectionException.cancelled() : error;
            opened.completeExceptionally(reason);
            outcome.completeExceptionally(reason);
        } else {
            outcome.complete(told);
        }
        queue.end(error);
    }

    private @Nullable DifyException failureOf(@Nullable Outcome end) {
        return end instanceof Outcome.Failed failed
                ? new DifyApiException(failed.status(), failed.code(), failed.message(), reply)
                : null;
    }
}
