package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.call.StreamClock.Phase;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.http.HttpExchange;
import io.github.difyjakarta.client.http.HttpTransport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection side of one stream: a place, a request (again only where nothing can have started), its deadlines, bytes to
 * frames, and exactly one end, after which nothing of it is left.
 *
 * <p>Thread-safe: entered by the connection's I/O thread, the scheduler and the subscriber's threads.
 */
final class StreamCall implements HttpTransport.Handler, FrameQueue.Owner, Session.Open {
    private final Session session;
    private final Request request;
    private final Continuation continuation;
    private final Task task;
    private final boolean owned;
    private final Attempts attempts;
    private final FrameQueue queue = new FrameQueue(this);
    private final FrameReader reader;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Place place;
    private final StreamClock clock;
    private final ReadAllowance allowance;

    private volatile boolean abandoned;
    private volatile boolean stopRequested;
    /** A terminal event came; what the tracker knows is the I/O thread's. */
    private volatile boolean terminated;
    /** What the head of the answer says beside the stream. */
    private volatile DifyApiException.Reply reply = DifyApiException.Reply.NONE;

    // Confined to the I/O thread:
    private @Nullable ErrorReply refusal;
    /** Bytes of the body since the last pause. */
    private int taken;

    /**
     * @param stopTask asks Dify to end a task, for the user who began it
     * @param owned whether the run ends with its reader; else the reader only watches
     */
    StreamCall(
            Session session,
            Request request,
            HttpTransport.Call call,
            Timeouts timeouts,
            Function<String, CompletableFuture<Void>> stopTask,
            boolean owned) {
        this.session = session;
        this.request = request;
        this.continuation = new Continuation(request.conversation());
        this.task = new Task(stopTask);
        this.owned = owned;
        this.attempts = new Attempts(session, call, this);
        this.reader = new FrameReader(session.config(), this::onFrames);
        this.place = new Place(session);
        this.clock = new StreamClock(timeouts, session.scheduler(), this::onLate);
        this.allowance = new ReadAllowance(bufferBytes(), queue, clock, attempts::read);
    }

    @Override
    public void start() {
        place.acquire(attempts::send, this::fail);
    }

    FrameQueue frames() {
        return queue;
    }

    /** Of frames, that may wait for a reader before the peer must. */
    int bufferBytes() {
        return session.config().limits().bufferBytes();
    }

    /** Completes when Dify has accepted: its head came and promises a stream. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    /** How it ended; exceptional only where it never began. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    @Override
    public CompletableFuture<Outcome> end() {
        return outcome;
    }

    Optional<String> taskId() {
        return task.id();
    }

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
                    finish(reader.tracker().atEnd(), null);
                } else if (owned) {
                    sendStop();
                } else {
                    fail(DifyConnectionException.cancelled());
                }
            }
        }
    }

    /** Ends it now, without a word to Dify but the closed connection. */
    @Override
    public void shutDown() {
        if (opened.isDone()) {
            fail(new DifyStreamException(DifyStreamException.SHUTTING_DOWN, "the client was closed"));
        } else {
            fail(DifyConnectionException.cancelled());
        }
    }

    // ---- requests

    @Override
    public void onExchange(HttpExchange begun) {
        clock.enter(Phase.CONNECTING);
        attempts.began(begun);
    }

    /** Fails, or tries again where that cannot run anything twice. */
    private void refuse(DifyException cause, boolean safe) {
        clock.enter(Phase.ACQUIRING);
        if (!safe || abandoned || attempts.again(cause, clock::allows).isEmpty()) {
            fail(cause);
        }
    }

    @Override
    public void onSending() {
        clock.enter(Phase.WRITING);
    }

    @Override
    public void onSent() {
        if (clock.phase() == Phase.WRITING) {
            clock.enter(Phase.AWAITING_HEAD);
        }
    }

    @Override
    public void onFailure(Exception cause, boolean refused) {
        switch (clock.phase()) {
            case ACQUIRING, CONNECTING -> refuse(Attempts.notConnected(cause), true);
            case WRITING, AWAITING_HEAD, READING_REFUSAL ->
                refuse(DifyConnectionException.broken(cause, !refused), refused || request.repeatable());
            case AWAITING_EVENT, STREAMING, LINGERING, DRAINING ->
                endOfStream(new DifyStreamException(
                        DifyStreamException.CLOSED,
                        "the connection to Dify broke in the middle of the stream ("
                                + cause.getClass().getSimpleName() + ")"));
            case ENDED -> {
                // our own cancel
            }
        }
    }

    // ---- the answer

    @Override
    public void onHead(HttpTransport.Head head) {
        session.saw(head);
        reply = ErrorReply.of(head, Optional.empty(), "");
        boolean stream = head.status() == 200
                && head.header("content-type").toLowerCase(Locale.ROOT).startsWith("text/event-stream");
        String encoding = head.header("content-encoding");
        Optional<DifyException> tooOld = stream ? ErrorReply.tooOld(head, request) : Optional.empty();
        if (tooOld.isPresent()) {
            fail(tooOld.get());
        } else if (stream && (encoding.isEmpty() || encoding.equalsIgnoreCase("identity"))) {
            clock.byteCame();
            clock.enter(Phase.AWAITING_EVENT);
            opened.complete(null);
        } else {
            refusal = new ErrorReply(head, session.config(), request);
            clock.enter(Phase.READING_REFUSAL);
        }
    }

    @Override
    public void onBody(ByteBuffer bytes) {
        int size = bytes.remaining();
        if (refusal != null) {
            clock.byteCame();
            if (refusal.add(bytes)) {
                attempts.read(size);
            } else {
                onEnd();
            }
            return;
        }
        taken += size;
        try {
            reader.feed(bytes);
        } catch (DifyStreamException e) {
            fail(e);
        }
    }

    @Override
    public void onPause() {
        if (refusal == null) {
            clock.byteCame();
            queue.pause();
            allowance.taken(taken, mayHoldBack());
            taken = 0;
        }
    }

    private void onFrames(List<DifyFrame> batch) {
        if (clock.isEnded()) {
            return;
        }
        task.learn(batch);
        if (continuation.isBrokenBy(batch)) {
            DifyApiException refused = Continuation.refusal(reply);
            stopAfter(
                    () -> finish(new Outcome.Failed(refused.status(), refused.code(), refused.difyMessage()), refused));
            return;
        }
        if (!terminated) {
            terminated = reader.tracker().outcome().isPresent();
            if (stopRequested && !terminated) {
                sendStop(); // asked for before there was a task to name
            }
        }
        if (abandoned) {
            if (terminated) {
                finish(reader.tracker().atEnd(), null);
            } else {
                sendStop();
            }
            return;
        }
        if (clock.phase() == Phase.AWAITING_EVENT) {
            clock.enter(Phase.STREAMING);
        }
        queue.offer(batch);
        if (queue.pendingBytes() > session.config().limits().maxUnsentBytes() && !mayHoldBack()) {
            // The run is Dify's: it goes on, and its result is in the run's detail. Only this reader is done.
            fail(new DifyStreamException(
                    DifyStreamException.SLOW_READER,
                    "the subscriber left more than " + session.config().limits().maxUnsentBytes()
                            + " bytes of a stream that must not be held back"));
        } else if (reader.tracker().isFinal() && clock.phase() == Phase.STREAMING) {
            clock.enter(Phase.LINGERING);
        }
    }

    @Override
    public void onEnd() {
        if (refusal != null) {
            DifyException cause = refusal.toException();
            refusal = null;
            refuse(cause, ErrorReply.isConcurrencyLimit(cause));
        } else {
            endOfStream(new DifyStreamException(
                    DifyStreamException.TRUNCATED, "Dify's stream ended without saying how the run ended"));
        }
    }

    private void endOfStream(DifyStreamException cut) {
        if (reader.tracker().outcome().isPresent()) {
            finish(reader.tracker().atEnd(), null);
        } else {
            fail(cut);
        }
    }

    // ---- flow control

    private boolean mayHoldBack() {
        return !reader.tracker().isWorkflow()
                && session.mode().map(AppMode::mayBeHeldBack).orElse(false);
    }

    @Override
    public void onDrained() {
        allowance.drained();
    }

    @Override
    public void onCancelled() {
        abandon();
    }

    // ---- ends

    private void onLate(Phase late) {
        switch (late) {
            case ENDED -> {
                // it ended while the timer ran
            }
            case LINGERING, DRAINING -> finish(reader.tracker().atEnd(), null);
            default -> {
                if (terminated) {
                    finish(reader.tracker().atEnd(), null); // all that was awaited is a chatflow's other end
                } else {
                    stopAfter(() -> fail(clock.failure(late)));
                }
            }
        }
    }

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

    @Override
    public boolean counted() {
        return true;
    }

    @Override
    public CompletableFuture<Void> answering() {
        return opened;
    }

    @Override
    public boolean givenUp() {
        return abandoned || stopRequested;
    }

    @Override
    public void fail(DifyException cause) {
        String code = cause.code();
        if (opened.isDone()) {
            finish(new Outcome.Truncated(code), cause);
        } else {
            finish(null, cause);
        }
    }

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
