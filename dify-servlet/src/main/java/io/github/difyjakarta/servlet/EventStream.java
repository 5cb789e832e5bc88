package io.github.difyjakarta.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one event stream between a framework that writes, an owner that decides, and a container that takes bytes
 * when it can. Thread-safe: state changes happen under a lock, and whatever touches the container happens in
 * {@link Drain}, outside the lock and by one thread at a time.
 */
final class EventStream implements EventStreamOutput {

    /** How long the framework's completion and the owner's {@link #finish} wait for each other. */
    static final Duration LINGER = Duration.ofSeconds(1);

    /** How long {@link #finish} waits for a peer that takes nothing. */
    static final Duration FINISH_STALL = Duration.ofSeconds(30);

    /** One event may have 16 MiB, and the relay keeps up to 4 MiB unsent before it gives a stream up. */
    static final long MAX_PENDING = 24L * 1024 * 1024;

    /** What is given to the container at once: it accepts a write of any size, and then counts as having sent it. */
    private static final int WRITE_SIZE = 32 * 1024;

    private static final String DEFAULT_TYPE = StreamHeaders.EVENT_STREAM + ";charset=UTF-8";

    private enum Phase {
        /** Nobody has asked for the hold yet. */
        IDLE,
        /** Head and bytes are held back. */
        HELD,
        /** The head is out, or on its way: it cannot be changed. */
        OPEN,
        /** Nothing more goes out. */
        CLOSED
    }

    private final Exchange exchange;
    private final Drain drain;
    private final Timer timer;
    private final LongSupplier nanoTime;
    private final long maxPending;

    private final Object lock = new Object();
    private final ByteQueue queue = new ByteQueue();
    private Phase phase = Phase.IDLE;
    private Head head = new Head();
    private byte[] preamble = {};
    private boolean preambleDue;
    private boolean released;
    private boolean headReady;
    private boolean corked;
    /** The held head belongs to no event stream: the framework answers with something else, which goes out when complete. */
    private boolean otherAnswer;
    /** What the framework still writes belongs to nothing the peer is to see. */
    private boolean muted;

    private boolean ownerDone;
    private boolean frameworkDone;
    /** Complete as soon as everything is sent; nothing is added any more. */
    private boolean ending;

    private boolean aborted;
    private @Nullable Throwable failure;
    private @Nullable Runnable cancelPreamble;
    private @Nullable Runnable cancelLinger;
    private @Nullable Runnable cancelEndWatch;
    private boolean waiting;
    private long waitingSince;
    private List<Runnable> drainedCallbacks = new ArrayList<>(0);
    private List<Consumer<Throwable>> closedCallbacks = new ArrayList<>(0);

    EventStream(Exchange exchange, Timer timer, LongSupplier nanoTime, long maxPending) {
        this.exchange = exchange;
        this.drain = new Drain(exchange, this);
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.maxPending = maxPending;
    }

    // ---- the owner's side

    @Override
    public void hold(Duration preambleAfter, byte[] bytes) {
        if (isEngaged()) {
            throw new IllegalStateException("This response is held already: hold() is called once");
        }
        exchange.takeOver();
        synchronized (lock) {
            phase = Phase.HELD;
            preamble = bytes.clone();
        }
        Runnable cancel = timer.after(preambleAfter, this::preambleIsDue);
        synchronized (lock) {
            if (phase == Phase.HELD) {
                cancelPreamble = cancel;
                return;
            }
        }
        cancel.run();
    }

    private void preambleIsDue() {
        synchronized (lock) {
            if (phase != Phase.HELD || released || otherAnswer) {
                return;
            }
            released = true;
            preambleDue = true;
            openIfDue();
        }
        drain.run();
    }

    @Override
    public void release() {
        synchronized (lock) {
            if (phase != Phase.HELD || released) {
                return;
            }
            released = true;
            openIfDue();
        }
        drain.run();
    }

    @Override
    public boolean refuse(int status, Map<String, String> headers, String contentType, byte[] body) {
        synchronized (lock) {
            if (phase != Phase.HELD) {
                return false;
            }
            head = Head.of(status, headers, contentType, body.length);
            queue.clear();
            queue.addReady(body);
            muted = true;
            end();
        }
        drainToEnd();
        return true;
    }

    @Override
    public long pendingBytes() {
        synchronized (lock) {
            return queue.size();
        }
    }

    @Override
    public void onDrained(Runnable callback) {
        synchronized (lock) {
            if (phase == Phase.CLOSED) {
                return;
            }
            if (queue.size() > DRAINED_BYTES) {
                drainedCallbacks.add(callback);
                return;
            }
        }
        timer.soon(callback);
    }

    @Override
    public void onClosed(Consumer<Throwable> callback) {
        Throwable cause;
        synchronized (lock) {
            cause = failure;
            if (cause == null) {
                closedCallbacks.add(callback);
                return;
            }
        }
        timer.soon(() -> callback.accept(cause));
    }

    @Override
    public boolean isClosed() {
        synchronized (lock) {
            return phase == Phase.CLOSED;
        }
    }

    @Override
    public void writeDirect(byte[] frame) {
        synchronized (lock) {
            if (phase == Phase.CLOSED || phase == Phase.IDLE || ending || ownerDone || otherAnswer) {
                return;
            }
            queue.addReady(frame);
            headReady = true;
            openIfDue();
        }
        drain.run();
    }

    @Override
    public void cork() {
        synchronized (lock) {
            corked = true;
        }
    }

    @Override
    public void uncork() {
        synchronized (lock) {
            corked = false;
        }
        drain.run();
    }

    @Override
    public void finish() {
        synchronized (lock) {
            if (phase == Phase.CLOSED || phase == Phase.IDLE || ending || ownerDone || otherAnswer) {
                return;
            }
            ownerDone = true;
            released = true;
            openIfDue();
            endIfBothAreDone();
        }
        drainToEnd();
    }

    @Override
    public void abort() {
        synchronized (lock) {
            if (phase == Phase.CLOSED || phase == Phase.IDLE) {
                return;
            }
            if (phase == Phase.HELD) {
                head = Head.of(503, Map.of("Connection", "close"), null, 0);
            }
            aborted = true;
            close();
        }
        drain.run();
    }

    @Override
    public Duration stalledFor() {
        synchronized (lock) {
            return waiting && phase == Phase.OPEN
                    ? Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - waitingSince))
                    : Duration.ZERO;
        }
    }

    // ---- the framework's side, through the wrapped response

    /** Runs a callback where all of them run. */
    void callSoon(Runnable callback) {
        timer.soon(callback);
    }

    /** Whether the response is ours: {@link #hold} was called. */
    boolean isEngaged() {
        synchronized (lock) {
            return phase != Phase.IDLE;
        }
    }

    /** Whether status and headers may still change. */
    boolean isHeld() {
        synchronized (lock) {
            return phase == Phase.HELD && !muted;
        }
    }

    /** Reads the head under the lock. */
    <T extends @Nullable Object> T readHead(Function<Head, T> reader) {
        synchronized (lock) {
            return reader.apply(head);
        }
    }

    /** Changes the head if it is still held; otherwise it is out, and a change goes unheard as the Servlet API has it. */
    void changeHead(Consumer<Head> change) {
        synchronized (lock) {
            if (phase == Phase.HELD && !muted) {
                change.accept(head);
            }
        }
    }

    /**
     * The framework names the content type. A second one that is no event stream is another answer, for instance of an
     * exception mapper: while the head is held it replaces the stream, afterwards its bytes are dropped, since they would
     * land amid the events.
     */
    void contentType(@Nullable String type) {
        synchronized (lock) {
            boolean eventStream = type == null || StreamHeaders.isEventStream(type);
            if (phase == Phase.HELD && !muted) {
                head.contentType(type);
                if (otherAnswer || !eventStream) {
                    queue.clear();
                }
                otherAnswer = !eventStream;
            } else if (!eventStream) {
                mute();
            }
        }
    }

    /** The framework answers with a bare status (an error, a redirect): nothing it writes afterwards belongs to it. */
    void bareAnswer(Head answer) {
        synchronized (lock) {
            if (phase == Phase.HELD && !muted) {
                answer.contentLength(0);
                head = answer;
                otherAnswer = true;
                mute();
                queue.clear();
            }
        }
    }

    /** Forgets what was written, and the head as well if asked to. */
    void reset(boolean headToo) {
        synchronized (lock) {
            if (phase == Phase.HELD && !muted) {
                queue.clear();
                if (headToo) {
                    head = new Head();
                    otherAnswer = false;
                }
            }
        }
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        synchronized (lock) {
            if (isDeafToFramework()) {
                return;
            }
            if (queue.size() + length > maxPending) {
                queue.dropUnfinished();
                throw new IOException("The peer reads too slowly: " + queue.size() + " bytes wait already, and "
                        + length + " more would exceed the limit of " + maxPending);
            }
            queue.write(bytes, offset, length);
        }
    }

    void flush() throws IOException {
        synchronized (lock) {
            if (isDeafToFramework() || otherAnswer) {
                return;
            }
            queue.endFrames();
            headReady = true;
            openIfDue();
        }
        drain.run();
    }

    /** After a refusal or an end of ours nobody misses its bytes; after a failure it must hear of it, so that its send fails. */
    private boolean isDeafToFramework() throws IOException {
        if (failure != null || aborted) {
            throw new IOException("The event stream is closed", failure);
        }
        return phase == Phase.CLOSED || muted || ending;
    }

    /** The framework is done; its request thread may still be inside. */
    void completedByFramework() {
        synchronized (lock) {
            if (phase == Phase.CLOSED || phase == Phase.IDLE || ending || frameworkDone) {
                return;
            }
            frameworkDone = true;
            if (!otherAnswer && (phase == Phase.OPEN || head.isEventStream() || queue.size() > 0)) {
                queue.endFrames();
                headReady = true;
                openIfDue();
                endIfBothAreDone();
            } else {
                queue.endAll();
                end();
            }
        }
        drainToEnd();
    }

    /**
     * The framework has thrown: a held head becomes a 500, an open stream ends with what it has.
     *
     * @return false if the stream had ended before, so that it does not matter
     */
    boolean chainFailed() {
        bareAnswer(Head.of(500, Map.of(), null, 0));
        synchronized (lock) {
            if (phase == Phase.CLOSED || ending) {
                return false;
            }
            mute();
        }
        completedByFramework();
        return true;
    }

    /** The filter chain has returned: the framework has had its chance to set a head. */
    void chainReturned() {
        synchronized (lock) {
            headReady = true;
            openIfDue();
        }
        drain.run();
    }

    // ---- the container's side

    void writePossible() {
        drain.writePossible();
    }

    void failed(Throwable cause) {
        List<Consumer<Throwable>> callbacks;
        synchronized (lock) {
            if (phase == Phase.CLOSED) {
                return;
            }
            failure = cause;
            callbacks = closedCallbacks;
            close();
        }
        callbacks.forEach(callback -> timer.soon(() -> callback.accept(cause)));
        drain.run();
    }

    // ---- state changes, under the lock

    private void openIfDue() {
        if (phase == Phase.HELD && released && headReady && !otherAnswer) {
            open();
        }
    }

    private void open() {
        phase = Phase.OPEN;
        if (preambleDue && !otherAnswer && !muted) {
            queue.addReadyFirst(preamble);
        }
        if (head.contentType() == null && queue.hasReady()) {
            head.contentType(DEFAULT_TYPE);
        }
        preamble = new byte[0];
        cancel(cancelPreamble);
        cancelPreamble = null;
    }

    /**
     * Jersey may still be writing, on another thread, what its sink took before the owner was done; and an owner may have a
     * terminal event to send after the framework gave up. So one waits for the other, but not for long.
     */
    private void endIfBothAreDone() {
        if (ownerDone && frameworkDone) {
            end();
        } else if (cancelLinger == null) {
            cancelLinger = timer.after(LINGER, this::lingerIsOver);
        }
    }

    private void lingerIsOver() {
        synchronized (lock) {
            if (phase == Phase.CLOSED || ending) {
                return;
            }
            end();
        }
        drainToEnd();
    }

    private void end() {
        if (phase == Phase.HELD) {
            open();
        }
        queue.dropUnfinished();
        ending = true;
        corked = false;
        cancel(cancelLinger);
    }

    private void drainToEnd() {
        drain.run();
        synchronized (lock) {
            if (ending && phase == Phase.OPEN && cancelEndWatch == null) {
                cancelEndWatch = timer.after(FINISH_STALL, this::abortIfStalled);
            }
        }
    }

    private void abortIfStalled() {
        Duration stalled = stalledFor();
        if (stalled.compareTo(FINISH_STALL) >= 0) {
            abort();
            return;
        }
        synchronized (lock) {
            if (phase == Phase.OPEN) {
                cancelEndWatch = timer.after(FINISH_STALL.minus(stalled), this::abortIfStalled);
            }
        }
    }

    private void mute() {
        muted = true;
        queue.dropUnfinished();
    }

    private void close() {
        phase = Phase.CLOSED;
        waiting = false;
        queue.clear();
        preamble = new byte[0];
        drainedCallbacks = new ArrayList<>(0);
        closedCallbacks = new ArrayList<>(0);
        cancel(cancelPreamble);
        cancel(cancelLinger);
        cancel(cancelEndWatch);
    }

    private static void cancel(@Nullable Runnable cancellation) {
        if (cancellation != null) {
            cancellation.run();
        }
    }

    // ---- what the drain is told

    /** What the container is to do next; the arguments are what the drain knows of the container. */
    Drain.Step nextStep(boolean writable, boolean headOut, boolean unflushed) {
        synchronized (lock) {
            if (phase == Phase.CLOSED) {
                return aborted ? Drain.Step.ABORT : Drain.Step.COMPLETE;
            }
            if (phase != Phase.OPEN || corked) {
                return Drain.Step.REST;
            }
            if (!writable) {
                waitForContainer();
                return Drain.Step.REST;
            }
            if (!headOut) {
                return Drain.Step.HEAD;
            }
            if (queue.hasReady() || unflushed) {
                return Drain.Step.SEND;
            }
            if (ending) {
                return Drain.Step.END;
            }
            waiting = false;
            return Drain.Step.REST;
        }
    }

    Head head() {
        synchronized (lock) {
            return head;
        }
    }

    /** The next bytes for the container, which is ready; null if there are none, so that a flush is due. */
    ByteQueue.@Nullable Piece take() {
        List<Runnable> drained = List.of();
        ByteQueue.Piece piece;
        synchronized (lock) {
            waiting = false;
            piece = queue.take(WRITE_SIZE);
            if (!drainedCallbacks.isEmpty() && queue.size() <= DRAINED_BYTES) {
                drained = drainedCallbacks;
                drainedCallbacks = new ArrayList<>(0);
            }
        }
        drained.forEach(timer::soon);
        return piece;
    }

    /** The container takes nothing now; it will call when it does. */
    void mustWait() {
        synchronized (lock) {
            waitForContainer();
        }
    }

    private void waitForContainer() {
        if (!waiting) {
            waiting = true;
            waitingSince = nanoTime.getAsLong();
        }
    }

    /** Everything was sent. */
    void ended() {
        synchronized (lock) {
            if (phase == Phase.OPEN) {
                close();
            }
        }
    }
}
