package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.call.StreamClock.Phase;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.Timeouts;
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
 * The connection side of one stream: a place, a request (again only where nothing can have started), bytes to frames; and exactly
 * one {@linkplain StreamEnd end}.
 *
 * <p>Thread-safe: entered by the connection's I/O thread, the scheduler and the subscriber's threads.
 */
final class StreamCall implements HttpTransport.Handler, FrameQueue.Owner, Session.Open {
    private final Session session;
    private final Request request;
    private final Task task;
    private final Attempts attempts;
    private final FrameQueue queue = new FrameQueue(this);
    private final FrameReader reader;
    private final Place place;
    private final StreamClock clock;
    private final StreamEnd end;
    private final ReadAllowance allowance;

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
        this.task = new Task(stopTask);
        this.attempts = new Attempts(session, call, this);
        this.reader = new FrameReader(session.config(), this::onFrames);
        this.place = new Place(session);
        this.clock = new StreamClock(timeouts, session.scheduler(), this::onLate);
        this.end = new StreamEnd(
                task, owned, new Continuation(request.conversation()), attempts, place, queue, reader.tracker(), clock);
        this.allowance = new ReadAllowance(session.config().limits(), this::mayHoldBack, queue, clock, attempts::read);
    }

    @Override
    public void start() {
        place.acquire(attempts::send, end::fail);
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
        return end.opened();
    }

    /** How it ended; exceptional only where it never began. */
    CompletableFuture<Outcome> outcome() {
        return end.outcome();
    }

    @Override
    public CompletableFuture<Outcome> end() {
        return outcome();
    }

    Optional<String> taskId() {
        return task.id();
    }

    /** Asks Dify to end the run; the stream then comes to its own end. */
    void stop() {
        end.stop();
    }

    /** Nobody reads any more: the run is stopped, and read on to its end. */
    void abandon() {
        end.abandon();
    }

    @Override
    public void shutDown() {
        end.shutDown();
    }

    @Override
    public void fail(DifyException cause) {
        end.fail(cause);
    }

    @Override
    public boolean counted() {
        return true;
    }

    @Override
    public CompletableFuture<Void> answering() {
        return opened();
    }

    @Override
    public boolean givenUp() {
        return end.isGivenUp();
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
        if (!safe || end.isAbandoned() || attempts.again(cause, clock::allows).isEmpty()) {
            end.fail(cause);
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
                end.noMoreComes(new DifyStreamException(
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
        end.replied(ErrorReply.of(head, Optional.empty(), ""));
        boolean stream = head.status() == 200
                && head.header("content-type").toLowerCase(Locale.ROOT).startsWith("text/event-stream");
        String encoding = head.header("content-encoding");
        Optional<DifyException> tooOld = stream ? ErrorReply.tooOld(head, request) : Optional.empty();
        if (tooOld.isPresent()) {
            end.fail(tooOld.get());
        } else if (stream && (encoding.isEmpty() || encoding.equalsIgnoreCase("identity"))) {
            clock.byteCame();
            clock.enter(Phase.AWAITING_EVENT);
            opened().complete(null);
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
            end.fail(e);
        }
    }

    @Override
    public void onPause() {
        if (refusal == null) {
            clock.byteCame();
            queue.pause();
            allowance.taken(taken);
            taken = 0;
        }
    }

    private void onFrames(List<DifyFrame> batch) {
        if (!end.goesOn(batch)) {
            return;
        }
        if (clock.phase() == Phase.AWAITING_EVENT) {
            clock.enter(Phase.STREAMING);
        }
        queue.offer(batch);
        Optional<DifyStreamException> tooMuch = allowance.exceeded();
        if (tooMuch.isPresent()) {
            end.fail(tooMuch.get());
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
            end.noMoreComes(new DifyStreamException(
                    DifyStreamException.TRUNCATED, "Dify's stream ended without saying how the run ended"));
        }
    }

    // ---- the reader and the clock

    /** A workflow's run would wait with us. */
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
        end.abandon();
    }

    private void onLate(Phase late) {
        end.onLate(late);
    }
}
