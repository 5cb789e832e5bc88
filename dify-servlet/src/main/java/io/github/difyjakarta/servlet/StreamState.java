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
    private final Inflow inflow;
    private final Watch watch;

    StreamState(Ending ending, Watch watch, LongSupplier nanoTime, long maxPending) {
        this.progress = new Progress(queue, nanoTime);
        this.ending = ending;
        this.watch = watch;
        this.inflow = new Inflow(queue, answer, ending, maxPending);
    }

    synchronized <T extends @Nullable Object> T ask(Function<Answer, T> question) {
        return question.apply(answer);
    }

    synchronized void change(Consumer<Answer> change) {
        change.accept(answer);
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

    synchronized boolean replace(Head instead) {
        if (!answer.isHeld()) {
            return false;
        }
        answer.replace(instead);
        return true;
    }

    synchronized void writeDirect(byte[] frame) {
        if (answer.takesEvents() && !ending.isOwnerDone()) {
            queue.addReady(frame);
            answer.headIsReady();
        }
    }

    synchronized void gather(Consumer<Progress> change) {
        change.accept(progress);
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

    /** Makes the stream the framework's own; returns false if it is somebody's already. */
    synchronized boolean adopt(Head head, boolean committed, long maxPending) {
        if (answer.phase() != Phase.IDLE) {
            return false;
        }
        answer.adopt(head, committed);
        inflow.adopt(maxPending);
        progress.drainedAt(Math.min(EventStreamOutput.DRAINED_BYTES, maxPending / 2));
        ending.ownerIsDone();
        return true;
    }

    synchronized boolean isAdopted() {
        return inflow.isAdopted();
    }

    /** Whether the framework should go on writing: one that has an owner is told by other means. */
    synchronized boolean hasRoom() {
        return !inflow.isAdopted() || progress.isDrained();
    }

    /** Returns whether something became ready to be sent. */
    synchronized boolean write(byte[] bytes, int offset, int length) throws IOException {
        return inflow.write(bytes, offset, length);
    }

    synchronized void flush() throws IOException {
        inflow.flush();
    }

    synchronized void completedByFramework() {
        if (!answer.isUnderWay() || ending.isFrameworkDone()) {
            return;
        }
        ending.frameworkIsDone();
        inflow.end();
        if (answer.isEventStream()) {
            answer.headIsReady();
            endOrLinger();
        } else {
            end();
        }
    }

    /** Remembers a dispatch until nothing is to be sent; returns false if that is so for good, so that it is due. */
    synchronized boolean awaitDispatch(Runnable dispatch) {
        if (!answer.isUnderWay()) {
            return false;
        }
        inflow.end();
        answer.headIsReady();
        progress.dispatch(dispatch);
        return true;
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
        if (!isTornAtOnce()) {
            completedByFramework();
        }
        return true;
    }

    /** Whether the framework has thrown amid a stream that nobody else can end. */
    synchronized boolean isTornAtOnce() {
        return inflow.isAdopted() && answer.phase() == Phase.OPEN && ending.hasFrameworkThrown();
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

    /** Ends the stream, if it is whole; returns false if it is torn, and is to fail. */
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

    /** Watches over an end that has begun, from now on, where no watch goes on already. */
    synchronized void watchEnd() {
        if (answer.phase() == Phase.ENDING) {
            watch.start();
        }
    }

    /** The watch over a peer is over; returns whether it has taken nothing all the while. */
    synchronized boolean hasStalled() {
        boolean goesOn = answer.phase() == Phase.ENDING || (inflow.isAdopted() && progress.isWaiting());
        return watch.isStalled(stalledFor(), goesOn);
    }

    /** Closes the stream, its connection too if it is to be cut off; returns the callbacks that are to hear of it. */
    synchronized List<Consumer<Throwable>> fail(Throwable cause, boolean cutOff) {
        if (answer.phase() == Phase.CLOSED || answer.phase() == Phase.IDLE) {
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
        watch.close();
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

    /** The next bytes for the container, which is ready; null if there are none, so that a flush is due. */
    synchronized ByteQueue.@Nullable Piece take() {
        progress.goesOn();
        return queue.take(WRITE_SIZE);
    }

    /** Everything was sent, and nothing more is ours. */
    synchronized Runnable letGo() {
        answer.letGo();
        return progress.takeDispatch();
    }

    /** The callbacks that waited for few pending bytes, when they are few. */
    synchronized List<Runnable> takeDrainedCallbacks() {
        return progress.takeCallbacks();
    }

    /** The container takes nothing now; it will call when it does. At most one watch goes on, whatever is written. */
    synchronized void mustWait() {
        progress.mustWait();
        if (inflow.isAdopted()) { // an owner looks after a slow peer itself
            watch.start();
        }
    }

    /** Everything was sent. */
    synchronized void ended() {
        if (answer.phase() == Phase.ENDING) {
            close();
        }
    }
}
