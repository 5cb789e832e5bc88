package io.github.difyjakarta.client;

import io.github.difyjakarta.client.StreamClock.Phase;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.http.HttpExchange;
import io.github.difyjakarta.client.http.HttpTransport;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection side of one stream: a place, a request (again only where nothing can have started), its deadlines, bytes to
 * frames, and exactly one end, after which nothing of it is left.
 *
 * <p>Thread-safe: entered by the connection's I/O thread, the scheduler and the subscriber's threads.
 */
final class StreamCall implements HttpTransport.Handler, FrameQueue.Owner {
    private static final System.Logger LOGGER = System.getLogger(StreamCall.class.getName());

    /** What the call needs of its client. */
    interface Host {
        DifyConfig config();

        HttpTransport transport();

        ScheduledExecutorService scheduler();

        Bulkhead bulkhead();

        /** The mode of the app where it is known by now. */
        Optional<AppMode> mode();
    }

    private final Host host;
    private final HttpTransport.Call request;
    private final Function<String, CompletableFuture<Void>> stopTask;
    private final FrameQueue queue = new FrameQueue(this);
    private final FrameReader reader;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Place place;
    private final StreamClock clock;
    private final ReadAllowance allowance;

    private volatile @Nullable String taskId;
    private volatile boolean abandoned;
    private volatile boolean stopRequested;
    /** A terminal event came; what the tracker knows is the I/O thread's. */
    private volatile boolean terminated;

    // Guarded by this:
    private @Nullable HttpExchange exchange;
    private int attempts;
    private boolean stopSent;

    // Confined to the I/O thread:
    private @Nullable ErrorReply refusal;
    /** Bytes of the body since the last pause. */
    private int taken;

    /**
     * @param stopTask asks Dify to end a task, for the user who began it
     */
    StreamCall(Host host, HttpTransport.Call request, Function<String, CompletableFuture<Void>> stopTask) {
        this.host = host;
        this.request = request;
        this.stopTask = stopTask;
        this.reader = new FrameReader(host.config(), this::onFrames);
        this.place = new Place(host);
        this.clock = new StreamClock(host.config().timeouts(), host.scheduler(), this::onLate);
        this.allowance = new ReadAllowance(host.config().bufferBytes(), queue, clock, this::read);
    }

    void start() {
        place.acquire(this::attempt, this::fail);
    }

    FrameQueue frames() {
        return queue;
    }

    /** Of frames, that may wait for a reader before the peer must. */
    int bufferBytes() {
        return host.config().bufferBytes();
    }

    /** Completes when Dify has accepted: its head came and promises a stream. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    /** How it ended; exceptional only where it never began. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    Optional<String> taskId() {
        return Optional.ofNullable(taskId);
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
                } else {
                    sendStop();
                }
            }
        }
    }

    /** Ends it now, without a word to Dify but the closed connection. */
    void shutDown() {
        if (opened.isDone()) {
            fail(new DifyStreamException(DifyStreamException.SHUTTING_DOWN, "the client was closed"));
        } else {
            fail(DifyConnectionException.cancelled());
        }
    }

    // ---- requests

    private void attempt() {
        if (clock.isEnded()) {
            return;
        }
        synchronized (this) {
            attempts++;
        }
        clock.enter(Phase.CONNECTING);
        host.transport().send(request, this);
    }

    @Override
    public void onExchange(HttpExchange begun) {
        boolean late;
        synchronized (this) {
            exchange = begun;
            late = clock.isEnded();
        }
        if (late) {
            begun.cancel();
        }
    }

    /** Fails, or tries again where that cannot run anything twice. */
    private void refuse(DifyException cause, boolean safe) {
        Optional<Duration> asked = cause instanceof DifyApiException api ? api.retryAfter() : Optional.empty();
        Optional<Duration> wait;
        synchronized (this) {
            wait = safe && !abandoned && !clock.isEnded()
                    ? host.config().retry().delay(attempts, asked, ThreadLocalRandom.current())
                    : Optional.empty();
        }
        if (wait.isEmpty() || !clock.allows(wait.get())) {
            fail(cause);
            return;
        }
        clock.enter(Phase.ACQUIRING);
        host.scheduler().schedule(this::attempt, wait.get().toMillis(), TimeUnit.MILLISECONDS);
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
            case ACQUIRING, CONNECTING -> refuse(DifyConnectionException.notConnected(cause), true);
            case WRITING, AWAITING_HEAD, READING_REFUSAL ->
                refuse(DifyConnectionException.broken(cause, !refused), refused);
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
        boolean stream = head.status() == 200
                && head.header("content-type").toLowerCase(Locale.ROOT).startsWith("text/event-stream");
        String encoding = head.header("content-encoding");
        if (stream && (encoding.isEmpty() || encoding.equalsIgnoreCase("identity"))) {
            clock.byteCame();
            clock.enter(Phase.AWAITING_EVENT);
            opened.complete(null);
        } else {
            refusal = new ErrorReply(head, host.config());
            clock.enter(Phase.READING_REFUSAL);
        }
    }

    @Override
    public void onBody(ByteBuffer bytes) {
        int size = bytes.remaining();
        if (refusal != null) {
            clock.byteCame();
            if (refusal.add(bytes)) {
                read(size);
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
        for (int i = 0; i < batch.size() && taskId == null; i++) {
            taskId = batch.get(i).taskId().orElse(null);
        }
        if (!terminated) {
            terminated = reader.tracker().outcome().isPresent();
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
        if (queue.pendingBytes() > host.config().maxUnsentBytes() && !mayHoldBack()) {
            // The run is Dify's: it goes on, and its result is in the run's detail. Only this reader is done.
            fail(new DifyStreamException(
                    DifyStreamException.SLOW_READER,
                    "the subscriber left more than " + host.config().maxUnsentBytes()
                            + " bytes of a stream that must not be held back"));
        } else if (reader.tracker().isFinal() && clock.phase() == Phase.STREAMING) {
            clock.enter(Phase.LINGERING);
        }
    }

    @Override
    public void onEnd() {
        if (refusal != null) {
            DifyException cause = refusal.toException();
            refuse(cause, ErrorReply.isConcurrencyLimit(cause));
            refusal = null;
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
                && host.mode().map(AppMode::mayBeHeldBack).orElse(false);
    }

    private void read(int bytes) {
        HttpExchange current;
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.read(bytes);
        }
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
                sendStop();
                fail(clock.failure(late));
            }
        }
    }

    private void sendStop() {
        String task = taskId;
        synchronized (this) {
            if (stopSent || task == null || clock.isEnded()) {
                return;
            }
            stopSent = true;
        }
        if (abandoned) {
            clock.enter(Phase.DRAINING);
        }
        stopTask.apply(task).exceptionally(failure -> {
            LOGGER.log(
                    Level.WARNING,
                    "Dify did not take the stop of a run that nobody reads any more; it may run to its end",
                    failure);
            return null;
        });
    }

    private void fail(DifyException cause) {
        String code = cause.code();
        if (opened.isDone()) {
            finish(new Outcome.Truncated(code), cause);
        } else {
            finish(null, cause);
        }
    }

    private void finish(@Nullable Outcome end, @Nullable DifyException cause) {
        HttpExchange current;
        if (!clock.end()) {
            return;
        }
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.cancel();
        }
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

    private static @Nullable DifyException failureOf(@Nullable Outcome end) {
        return end instanceof Outcome.Failed failed
                ? new DifyApiException(failed.status(), failed.code(), failed.message(), Optional.empty())
                : null;
    }
}
