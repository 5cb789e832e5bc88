package io.github.difyjakarta.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event stream between a framework that writes, an owner that decides, and a container that takes bytes when it can.
 * Thread-safe: each of them changes the {@link StreamState} under its lock and then, without it, runs the {@link Drain},
 * which touches the container by one thread at a time.
 */
final class EventStream implements EventStreamOutput {

    private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

    private final Exchange exchange;
    private final Timer timer;
    private final StreamState state;
    private final Drain drain;

    EventStream(Exchange exchange, Timer timer, LongSupplier nanoTime, long maxPending) {
        this.exchange = exchange;
        this.timer = timer;
        this.state = new StreamState(
                new Ending(timer, this::lingerIsOver), new Watch(timer, this::abortIfStalled), nanoTime, maxPending);
        this.drain = new Drain(exchange, state, timer, this::outputFailed);
    }

    // ---- the owner's side

    @Override
    public void hold(Duration preambleAfter, byte[] preamble) {
        if (isEngaged()) {
            throw new IllegalStateException("This response is held already: hold() is called once");
        }
        exchange.takeOver();
        state.change(answer -> answer.hold(preamble));
        Runnable cancel = timer.after(preambleAfter, this::preambleIsDue);
        state.change(answer -> answer.preambleTimer(cancel));
    }

    private void preambleIsDue() {
        state.change(Answer::preambleIsDue);
        drain.run();
    }

    @Override
    public void release() {
        state.change(Answer::release);
        drain.run();
    }

    @Override
    public boolean refuse(int status, Map<String, String> headers, String contentType, byte[] body) {
        boolean inTime = state.refuse(Head.of(status, headers, contentType, body.length), body);
        drainToEnd();
        return inTime;
    }

    @Override
    public boolean replace(int status, Map<String, String> headers, String contentType, OptionalLong length) {
        boolean inTime = state.replace(Head.of(status, headers, contentType, length.orElse(-1)));
        drain.run();
        return inTime;
    }

    @Override
    public long pendingBytes() {
        return state.pendingBytes();
    }

    @Override
    public void onDrained(Runnable callback) {
        if (!state.awaitDrained(callback)) {
            timer.soon(callback);
        }
    }

    @Override
    public void onClosed(Consumer<Throwable> callback) {
        Throwable failure = state.awaitFailure(callback);
        if (failure != null) {
            timer.soon(() -> callback.accept(failure));
        }
    }

    @Override
    public boolean isClosed() {
        return state.ask(Answer::isClosed);
    }

    @Override
    public void writeDirect(byte[] frame) {
        state.writeDirect(frame);
        drain.run();
    }

    @Override
    public void cork() {
        state.gather(Progress::cork);
    }

    @Override
    public void uncork() {
        state.gather(Progress::uncork);
        drain.run();
    }

    @Override
    public void finish() {
        state.finish();
        drainToEnd();
    }

    @Override
    public void abort() {
        state.abort();
        drain.run();
    }

    @Override
    public Duration stalledFor() {
        return state.stalledFor();
    }

    // ---- the host application's own stream, which nobody holds

    /**
     * Takes over an event stream that the host application writes asynchronously, unless somebody has it already; the head,
     * if it is not committed, leaves with the first flush. By any thread; returns false if the container does not let us.
     */
    boolean adopt(Head head, boolean committed, long maxPending) {
        if (state.adopt(head, committed, maxPending)) {
            try {
                exchange.follow();
            } catch (IllegalStateException e) {
                LOG.log(System.Logger.Level.DEBUG, "An event stream is left to the container, which insists on it", e);
                state.change(Answer::letGo);
                return false;
            }
        }
        return true;
    }

    /** Whether the exchange is asynchronous, so that it can be adopted. */
    boolean isAsync() {
        return exchange.isAsync();
    }

    /** Whether this is, or was until its dispatch, a host application's own stream. */
    boolean isAdopted() {
        return state.isAdopted();
    }

    /** See {@link StreamState#hasRoom}. */
    boolean hasRoom() {
        return state.hasRoom();
    }

    /** The host goes on in a dispatched request, as soon as what it has written is sent; from then on nothing is ours. */
    void dispatch(Runnable dispatch) {
        if (!state.awaitDispatch(dispatch)) {
            dispatch.run();
        }
        drain.run();
    }

    /** The host's time limit is over. What it does about that is its own affair, unless it has ended the stream already. */
    void timedOut() {
        if (!isAdopted()) {
            failed(new IOException("The container's time limit for asynchronous requests is over"));
        } else if (state.ask(Answer::isEnding)) {
            abort();
        }
    }

    // ---- the framework's side, through the wrapped response

    /** Whether the response is ours, by {@link #hold} or {@link #adopt}. */
    boolean isEngaged() {
        return state.ask(Answer::isEngaged);
    }

    /** Runs a callback where all of them run. */
    void callSoon(Runnable callback) {
        timer.soon(callback);
    }

    /** Whether status and headers may still change. */
    boolean isHeld() {
        return state.ask(Answer::isChangeable);
    }

    /** Reads the head under the lock. */
    <T extends @Nullable Object> T readHead(Function<Head, T> reader) {
        return state.ask(answer -> reader.apply(answer.head()));
    }

    /** Changes the answer under the lock; a head that is out does not change, and nobody hears of it (Servlet API). */
    void change(Consumer<Answer> change) {
        state.change(change);
    }

    /**
     * The framework names the content type. A second one that is no event stream is another answer, for instance of an
     * exception mapper: while the head is held it replaces the stream, afterwards its bytes are dropped, since they would
     * land amid the events.
     */
    void contentType(@Nullable String type) {
        state.change(answer -> answer.contentType(type));
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            if (state.write(bytes, offset, length)) {
                drain.run();
            }
        } catch (Inflow.SlowPeer e) {
            if (isAdopted()) {
                close(e, true); // the reader must not take for a whole stream what lacks an event
            }
            throw e;
        }
    }

    void flush() throws IOException {
        state.flush();
        drain.run();
    }

    /** The framework is done; its request thread may still be inside. */
    void completedByFramework() {
        state.completedByFramework();
        drainToEnd();
    }

    /**
     * The framework has thrown: a held head becomes a 500. An open stream waits for its owner's terminal event; without one
     * it is cut off, since an end like any other would pass it off as whole. Returns false if it had ended before.
     */
    boolean chainFailed() {
        boolean matters = state.chainFailed();
        if (state.isTornAtOnce()) {
            close(new IOException("The resource has failed amid its event stream"), true);
        }
        drainToEnd();
        return matters;
    }

    /** The filter chain has returned: the framework has had its chance to set a head. */
    void chainReturned() {
        state.change(Answer::headIsReady);
        drain.run();
    }

    // ---- the container's side

    void writePossible() {
        drain.writePossible();
    }

    /** The peer is gone, or the container has given the exchange up. */
    void failed(Throwable cause) {
        close(cause, false);
    }

    /** A write that fails means a peer that is gone; everything else is a defect, after which the stream is cut off. */
    private void outputFailed(Exception cause) {
        boolean defect = !(cause instanceof IOException);
        if (defect) {
            System.Logger.Level level = isClosed() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
            LOG.log(level, "The output of an event stream has failed; the stream is cut off", cause);
        }
        close(cause, defect);
    }

    private void close(Throwable cause, boolean cutOff) {
        List<Consumer<Throwable>> callbacks = state.fail(cause, cutOff);
        callbacks.forEach(callback -> timer.soon(() -> callback.accept(cause)));
        drain.run();
    }

    private void lingerIsOver() {
        if (state.lingerIsOver()) {
            drainToEnd();
        } else {
            close(new IOException("The resource has failed, and nobody has ended its event stream"), true);
        }
    }

    private void drainToEnd() {
        drain.run();
        state.watchEnd();
    }

    private void abortIfStalled() {
        if (state.hasStalled()) {
            abort();
        }
    }
}
