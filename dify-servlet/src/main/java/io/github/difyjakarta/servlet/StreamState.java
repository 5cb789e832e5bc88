package io.github.difyjakarta.servlet;

import io.github.difyjakarta.servlet.Answer.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one event stream and its one lock, which is the monitor of this object: every method takes it, and the parts
 * ({@link Answer}, {@link ByteQueue}, {@link Progress}, {@link Ending}) are confined to it. Touches no container and runs no
 * callback: what has become due is up to {@link EventStream} and {@link Drain}, without the lock.
 */
final class StreamState {

    /** What is given to the container at once: it accepts a write of any size, and then counts as having sent it. */
    private static final int WRITE_SIZE = 32 * 1024;

    private final ByteQueue queue = new ByteQueue();
    private final Answer answer = new Answer(queue);
    private final Progress progress;
    private final Ending ending;
    private final long maxPending;

    StreamState(Ending ending, LongSupplier nanoTime, long maxPending) {
        this.progress = new Progress(queue, nanoTime);
        this.ending = ending;
        this.maxPending = maxPending;
    }

    synchronized <T extends @Nullable Object> T ask(Function<Answer, T> question) {
        return question.apply(answer);
    }

    synchronized void change(Consumer<Answer> change) {
        change.accept(answer);
    }

    synchronized boolean isEngaged() {
        return answer.phase() != Phase.IDLE;
    }

    synchronized boolean isClosed() {
        return answer.phase() == Phase.CLOSED;
    }

    // ---- the owner's side

    synchronized boolean refuse(Head refusal, byte[] body) {
        if (!answer.isHeld()) {
            return false;
        }
        answer.refuse(refusal, body);
        end();
        return true;
    }

    synchronized void writeDirect(byte[] frame) {
        if (answer.takesEvents() && !ending.isOwnerDone()) {
            queue.addReady(frame);
            answer.headIsReady();
        }
    }

    synchronized void cork() {
        progress.cork();
    }

    synchronized void uncork() {
        progress.uncork();
    }

    synchronized void finish() {
        if (answer.takesEvents() && !ending.isOwnerDone()) {
            ending.ownerIsDone();
            answer.release();
            endOrLinger();
        }
    }

    synchronized void abort() {
        if (answer.phase() != Phase.IDLE && answer.phase() != Phase.CLOSED) {
            answer.replaceHeld(Head.of(503, Map.of("Connection", "close"), null, 0));
            ending.abort();
            close();
        }
    }

    synchronized long pendingBytes() {
        return queue.size();
    }

    synchronized Duration stalledFor() {
        return answer.isOut() ? progress.stalledFor() : Duration.ZERO;
    }

    /**
     * Remembers a callback until few bytes are pending; in a closed stream it is dropped.
     *
     * @return false if they are few already, so that the callback is due
     */
    synchronized boolean awaitDrained(Runnable callback) {
        return answer.phase() == Phase.CLOSED || progress.await(callback);
    }

    /**
     * Remembers a callback until the stream fails.
     *
     * @return the failure if that has happened, so that the callback is due
     */
    synchronized @Nullable Throwable awaitFailure(Consumer<Throwable> callback) {
        return ending.await(callback);
    }

    // ---- the framework's side

    synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (isDeafToFramework()) {
            return;
        }
        if (queue.size() + length > maxPending) {
            queue.dropUnfinished();
            throw new IOException("The peer reads too slowly: " + queue.size() + " bytes wait already, and " + length
                    + " more would exceed the limit of " + maxPending);
        }
        queue.write(bytes, offset, length);
    }

    synchronized void flush() throws IOException {
        if (!isDeafToFramework() && !answer.isOther()) {
            queue.endFrames();
            answer.headIsReady();
        }
    }

    /** After a refusal or an end of ours nobody misses its bytes; after a failure it must hear of it, so that its send fails. */
    private boolean isDeafToFramework() throws IOException {
        if (ending.failure() != null || ending.isAborted()) {
            throw new IOException("The event stream is closed", ending.failure());
        }
        return answer.isMuted();
    }

    synchronized void completedByFramework() {
        if (!answer.isUnderWay() || ending.isFrameworkDone()) {
            return;
        }
        ending.frameworkIsDone();
        if (answer.isEventStream()) {
            queue.endFrames();
            answer.headIsReady();
            endOrLinger();
        } else {
            queue.endAll();
            end();
        }
    }

    /** Returns false if the stream had ended before. */
    synchronized boolean chainFailed() {
        answer.bare(Head.of(500, Map.of(), null, 0));
        if (!answer.isUnderWay()) {
            return false;
        }
        answer.mute();
        if (answer.phase() == Phase.OPEN && !ending.isFrameworkDone()) {
            ending.frameworkHasThrown();
        }
        completedByFramework();
        return true;
    }

    // ---- its end

    /**
     * Jersey may still be writing, on another thread, what its sink took before the owner was done; and an owner may have a
     * terminal event to send after the framework gave up. So one waits for the other, but not for long.
     */
    private void endOrLinger() {
        if (ending.isOwnerDone() && ending.isFrameworkDone()) {
            end();
        } else {
            ending.linger();
        }
    }

    /**
     * Ends the stream, if it is whole.
     *
     * @return false if it is torn, and is to fail
     */
    synchronized boolean lingerIsOver() {
        if (answer.isUnderWay() && ending.isTorn()) {
            return false;
        }
        if (answer.isUnderWay()) {
            end();
        }
        return true;
    }

    private void end() {
        answer.end();
        progress.uncork();
        ending.lingerNoMore();
    }

    /** Watches over an end that has begun, from now on. */
    synchronized void watchEnd() {
        if (answer.phase() == Phase.ENDING && !ending.isWatched()) {
            ending.watch(EventStream.FINISH_STALL);
        }
    }

    /**
     * The watch over an end is over.
     *
     * @return whether the peer has taken nothing all the while; if it has taken something, the watch goes on
     */
    synchronized boolean hasStalled() {
        Duration stalled = stalledFor();
        if (stalled.compareTo(EventStream.FINISH_STALL) >= 0) {
            return true;
        }
        if (answer.phase() == Phase.ENDING) {
            ending.watch(EventStream.FINISH_STALL.minus(stalled));
        }
        return false;
    }

    /** Closes the stream, its connection too if it is to be cut off; returns the callbacks that are to hear of it. */
    synchronized List<Consumer<Throwable>> fail(Throwable cause, boolean cutOff) {
        if (answer.phase() == Phase.CLOSED) {
            return List.of();
        }
        List<Consumer<Throwable>> callbacks = ending.fail(cause);
        if (cutOff) {
            ending.abort();
        }
        close();
        return callbacks;
    }

    private void close() {
        answer.close();
        progress.close();
        ending.close();
    }

    // ---- what the drain asks and tells

    /** What the container is to do next; the arguments are what the drain knows of the container. */
    synchronized Drain.Step nextStep(boolean writable, boolean headOut, boolean unflushed) {
        return switch (answer.phase()) {
            case IDLE, HELD -> Drain.Step.REST;
            case OPEN -> progress.nextStep(writable, headOut, unflushed, Drain.Step.REST);
            case ENDING -> progress.nextStep(writable, headOut, unflushed, Drain.Step.END);
            case CLOSED -> ending.isAborted() ? Drain.Step.ABORT : Drain.Step.COMPLETE;
        };
    }

    synchronized Head head() {
        return answer.head();
    }

    /** The next bytes for the container, which is ready; null if there are none, so that a flush is due. */
    synchronized ByteQueue.@Nullable Piece take() {
        progress.goesOn();
        return queue.take(WRITE_SIZE);
    }

    /** The callbacks that waited for few pending bytes, when they are few. */
    synchronized List<Runnable> takeDrainedCallbacks() {
        return progress.takeCallbacks();
    }

    /** The container takes nothing now; it will call when it does. */
    synchronized void mustWait() {
        progress.mustWait();
    }

    /** Everything was sent. */
    synchronized void ended() {
        if (answer.phase() == Phase.ENDING) {
            close();
        }
    }
}
