package io.github.difyjakarta.websocket;

import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.relay.Outlet;
import io.github.difyjakarta.relay.RelayError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way to a browser behind a WebSocket. Its end is not the socket's, which is there for the next question.
 * Thread-safe: the relay speaks, and meanwhile the socket may be closed.
 */
final class WebSocketOutlet implements Outlet {
    static final String SLOW_READER = "slow_reader";

    private final Sending sending;
    private final AnswerFrames frames;
    private final Executor executor;
    private final Consumer<Optional<String>> onOver;

    // Guarded by this:
    private boolean over;
    private @Nullable Runnable closed;

    /**
     * @param executor runs {@link #onClosed}'s callback
     * @param onOver is told once that the answer is over, before its last frame goes out, and in which conversation to go on
     */
    WebSocketOutlet(Sending sending, AnswerFrames frames, Executor executor, Consumer<Optional<String>> onOver) {
        this.sending = sending;
        this.frames = frames;
        this.executor = executor;
        this.onOver = onOver;
    }

    @Override
    public synchronized void event(DifyFrame frame) {
        if (over) {
            return;
        }
        try {
            frames.event(frame).forEach(sending::add);
        } catch (RuntimeException e) {
            interrupt(nonsense(e));
        }
    }

    /** What to say of an event, or an end, of which nothing can be said. */
    private static RelayError nonsense(RuntimeException failure) {
        return RelayError.of(
                failure instanceof DifyException
                        ? failure
                        : new DifyStreamException(DifyStreamException.MALFORMED, failure.getMessage() + "", failure));
    }

    @Override
    public void flush() {
        sending.flush();
    }

    @Override
    public void keepAlive() {
        sending.ping();
    }

    @Override
    public void error(RelayError error) {
        if (finish()) {
            sending.add(frames.error(error));
            sending.flush();
        }
    }

    @Override
    public void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        List<Outgoing> last;
        Optional<String> goesOnIn = Optional.empty();
        try {
            last = frames.end();
            goesOnIn = frames.conversation();
        } catch (RuntimeException e) {
            last = List.of(frames.error(nonsense(e))); // or no other question could be asked here
        }
        onOver.accept(goesOnIn);
        last.forEach(sending::add);
        sending.flush();
    }

    @Override
    public void abort() {
        if (finish()) {
            sending.abort(Outgoing.Close.TRY_AGAIN_LATER, SLOW_READER);
        }
    }

    /** The answer is over; false if it was before. */
    private boolean finish() {
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
        }
        onOver.accept(Optional.empty());
        return true;
    }

    /** Ends the answer from this side: the browser is told why, and the relay that nobody listens any more. */
    void interrupt(RelayError error) {
        if (finish()) {
            sending.add(frames.error(error));
            sending.flushSoon();
            tellRelay();
        }
    }

    /** The browser is gone. */
    void leave() {
        if (finish()) {
            tellRelay();
        }
    }

    /** Not at once: who closes the socket may hold locks that a thread needs which is just sending. */
    private void tellRelay() {
        Runnable callback;
        synchronized (this) {
            callback = closed;
        }
        if (callback != null) {
            executor.execute(callback);
        }
    }

    @Override
    public long pendingBytes() {
        return sending.pending();
    }

    @Override
    public Duration stalledFor() {
        return sending.stalledFor();
    }

    @Override
    public void onDrained(Runnable callback) {
        sending.onDrained(callback);
    }

    @Override
    public void onClosed(Runnable callback) {
        boolean late;
        synchronized (this) {
            closed = callback;
            late = over;
        }
        if (late) {
            executor.execute(callback);
        }
    }
}
