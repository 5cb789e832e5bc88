package io.github.difyjakarta.client;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.MalformedEventException;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.OutcomeTracker;
import io.github.difyjakarta.sse.EventTooLargeException;
import io.github.difyjakarta.sse.ServerSentEvent;
import io.github.difyjakarta.sse.SseDecoder;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
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

    /** What may still follow the last event that matters, such as the tail of a speech. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private enum Phase {
        ACQUIRING,
        CONNECTING,
        WRITING,
        AWAITING_HEAD,
        READING_REFUSAL,
        AWAITING_EVENT,
        STREAMING,
        LINGERING,
        DRAINING,
        ENDED
    }

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
    private final OutcomeTracker tracker = new OutcomeTracker();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Watchdog watchdog;
    private final long startedAt = System.nanoTime();

    private volatile Phase phase = Phase.ACQUIRING;
    private volatile long phaseSince = startedAt;
    private volatile long lastByteAt = startedAt;
    private volatile @Nullable String taskId;
    private volatile boolean abandoned;
    private volatile boolean stopRequested;
    private volatile boolean heldBack;
    /** A terminal event came; what the tracker knows is the I/O thread's. */
    private volatile boolean terminated;

    // Guarded by this:
    private @Nullable CompletableFuture<Optional<Bulkhead.Permit>> place;
    private Bulkhead.@Nullable Permit permit;
    private HttpTransport.@Nullable Exchange exchange;
    private int attempts;
    private boolean stopSent;
    private int unread;

    // Confined to the I/O thread:
    private @Nullable SseDecoder decoder;
    private @Nullable ErrorReply refusal;

    /**
     * @param stopTask asks Dify to end a task, for the user who began it
     */
    StreamCall(Host host, HttpTransport.Call request, Function<String, CompletableFuture<Void>> stopTask) {
        this.host = host;
        this.request = request;
        this.stopTask = stopTask;
        this.watchdog = new Watchdog(host.scheduler(), this::deadline, this::onDeadline);
    }

    void start() {
        CompletableFuture<Optional<Bulkhead.Permit>> asked =
                host.bulkhead().acquire(host.config().timeouts().acquire());
        synchronized (this) {
            place = asked;
        }
        asked.whenComplete((granted, failure) -> {
            if (granted == null || granted.isEmpty()) {
                fail(new DifyConnectionException(
                        DifyConnectionException.BUSY,
                        "all " + host.config().maxConcurrentRequests() + " concurrent requests to Dify are taken",
                        false));
                return;
            }
            synchronized (this) {
                permit = granted.get();
            }
            if (phase == Phase.ENDED) {
                granted.get().close();
            } else {
                attempt();
            }
        });
    }

    FrameQueue frames() {
        return queue;
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
        if (abandoned || phase == Phase.ENDED) {
            return;
        }
        abandoned = true;
        queue.discard();
        switch (phase) {
            case ACQUIRING, CONNECTING -> fail(cancelled());
            default -> {
                if (terminated) {
                    finish(tracker.atEnd(), null);
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
            fail(cancelled());
        }
    }

    private static DifyConnectionException cancelled() {
        return new DifyConnectionException(DifyConnectionException.CANCELLED, "given up before Dify answered", false);
    }

    // ---- requests

    private void attempt() {
        synchronized (this) {
            attempts++;
        }
        enter(Phase.CONNECTING);
        host.transport().send(request, this);
    }

    @Override
    public void onExchange(HttpTransport.Exchange begun) {
        boolean late;
        synchronized (this) {
            exchange = begun;
            late = phase == Phase.ENDED;
        }
        if (late) {
            begun.cancel();
        }
    }

    private void enter(Phase next) {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            phase = next;
            phaseSince = System.nanoTime();
        }
        watchdog.arm();
    }

    /** Fails, or tries again where that cannot run anything twice. */
    private void refuse(DifyException cause, boolean safe) {
        Optional<Duration> asked = cause instanceof DifyApiException api ? api.retryAfter() : Optional.empty();
        Optional<Duration> wait;
        synchronized (this) {
            wait = safe && !abandoned && phase != Phase.ENDED
                    ? host.config().retry().delay(attempts, asked, ThreadLocalRandom.current())
                    : Optional.empty();
        }
        if (wait.isEmpty() || System.nanoTime() + wait.get().toNanos() - totalDeadline() > 0) {
            fail(cause);
            return;
        }
        enter(Phase.ACQUIRING);
        host.scheduler()
                .schedule(
                        () -> {
                            if (phase != Phase.ENDED) {
                                attempt();
                            }
                        },
                        wait.get().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void onSending() {
        enter(Phase.WRITING);
    }

    @Override
    public void onSent() {
        if (phase == Phase.WRITING) {
            enter(Phase.AWAITING_HEAD);
        }
    }

    @Override
    public void onFailure(Exception cause, boolean refused) {
        switch (phase) {
            case ACQUIRING, CONNECTING ->
                refuse(
                        new DifyConnectionException(
                                cause instanceof SocketTimeoutException
                                        ? DifyConnectionException.TIMEOUT
                                        : DifyConnectionException.UNREACHABLE,
                                "no connection to Dify (" + cause.getClass().getSimpleName() + ")",
                                false),
                        true);
            case WRITING, AWAITING_HEAD, READING_REFUSAL ->
                refuse(
                        new DifyConnectionException(
                                DifyConnectionException.UNREACHABLE,
                                "the connection to Dify broke before an answer ("
                                        + cause.getClass().getSimpleName() + ")",
                                !refused),
                        refused);
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
            lastByteAt = System.nanoTime();
            decoder = new SseDecoder(host.config().maxEventBytes(), this::onServerSentEvent);
            enter(Phase.AWAITING_EVENT);
            opened.complete(null);
        } else {
            refusal = new ErrorReply(head, host.config());
            enter(Phase.READING_REFUSAL);
        }
    }

    @Override
    public void onBody(ByteBuffer bytes) {
        lastByteAt = System.nanoTime();
        int size = bytes.remaining();
        if (refusal != null) {
            if (refusal.add(bytes)) {
                read(size);
            } else {
                onEnd();
            }
            return;
        }
        try {
            if (decoder != null) {
                decoder.feed(bytes);
            }
        } catch (EventTooLargeException e) {
            fail(new DifyStreamException(DifyStreamException.EVENT_TOO_LARGE, e.getMessage() + "", e));
        } catch (MalformedEventException e) {
            fail(new DifyStreamException(DifyStreamException.MALFORMED, e.getMessage() + "", e));
        }
        readOn(size);
    }

    private void onServerSentEvent(ServerSentEvent event) {
        if (phase == Phase.ENDED || DifyFrame.isDoneMark(event.dataBytes())) {
            return;
        }
        DifyFrame frame = host.config().withoutSecrets(DifyFrame.of(event.dataBytes()));
        frame.taskId().ifPresent(id -> taskId = id);
        boolean failedBefore = tracker.outcome().orElse(null) instanceof Outcome.Failed;
        tracker.accept(frame);
        terminated = tracker.outcome().isPresent();
        if (abandoned) {
            if (terminated) {
                finish(tracker.atEnd(), null);
            } else {
                sendStop();
            }
            return;
        }
        if (phase == Phase.AWAITING_EVENT) {
            enter(Phase.STREAMING);
        }
        if (!failedBefore) {
            queue.offer(frame); // what follows an error is not part of the answer
        }
        if (!mayHoldBack() && queue.pendingBytes() > host.config().maxUnsentBytes()) {
            // The run is Dify's: it goes on, and its result is in the run's detail. Only this reader is done.
            fail(new DifyStreamException(
                    DifyStreamException.SLOW_READER,
                    "the subscriber left more than " + host.config().maxUnsentBytes()
                            + " bytes of a stream that must not be held back"));
        } else if (tracker.isFinal() && phase == Phase.STREAMING) {
            enter(Phase.LINGERING);
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
        if (tracker.outcome().isPresent()) {
            finish(tracker.atEnd(), null);
        } else {
            fail(cut);
        }
    }

    // ---- flow control

    private boolean mayHoldBack() {
        return !tracker.isWorkflow() && host.mode().map(AppMode::mayBeHeldBack).orElse(false);
    }

    private void readOn(int bytes) {
        if (mayHoldBack() && queue.pendingBytes() > host.config().bufferBytes()) {
            synchronized (this) {
                unread += bytes;
                heldBack = true;
            }
            if (queue.pendingBytes() <= host.config().bufferBytes()) {
                onDrained(); // it drained while we decided
            }
        } else {
            read(bytes);
        }
    }

    private void read(int bytes) {
        HttpTransport.Exchange current;
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.read(bytes);
        }
    }

    @Override
    public void onDrained() {
        if (!heldBack || queue.pendingBytes() > host.config().bufferBytes() / 2) {
            return;
        }
        int owed;
        synchronized (this) {
            owed = unread;
            unread = 0;
            heldBack = false;
            lastByteAt = System.nanoTime(); // the silence was ours
        }
        read(owed);
    }

    @Override
    public void onCancelled() {
        abandon();
    }

    // ---- deadlines

    private long totalDeadline() {
        return startedAt + host.config().timeouts().total().toNanos();
    }

    private long deadline() {
        Timeouts timeouts = host.config().timeouts();
        long own =
                switch (phase) {
                    case ACQUIRING, ENDED -> totalDeadline();
                    // The transport has its own limit for each address; this one bounds them all.
                    case CONNECTING ->
                        phaseSince + timeouts.connect().multipliedBy(2).toNanos();
                    case WRITING -> phaseSince + timeouts.write().toNanos();
                    case AWAITING_HEAD, READING_REFUSAL ->
                        phaseSince + timeouts.headers().toNanos();
                    case AWAITING_EVENT -> phaseSince + timeouts.firstEvent().toNanos();
                    case STREAMING ->
                        (heldBack ? System.nanoTime() : lastByteAt)
                                + timeouts.idle().toNanos();
                    case LINGERING -> phaseSince + LINGER.toNanos();
                    case DRAINING -> phaseSince + timeouts.stopDrain().toNanos();
                };
        return phase == Phase.DRAINING || own - totalDeadline() < 0 ? own : totalDeadline();
    }

    private void onDeadline() {
        Phase late = phase;
        boolean total = System.nanoTime() - totalDeadline() >= 0;
        switch (late) {
            case ENDED -> {
                // it ended while the timer ran
            }
            case LINGERING, DRAINING -> finish(tracker.atEnd(), null);
            case AWAITING_EVENT, STREAMING -> {
                sendStop();
                fail(
                        total
                                ? new DifyStreamException(
                                        DifyStreamException.TOTAL_TIMEOUT,
                                        "the stream took longer than "
                                                + host.config().timeouts().total())
                                : new DifyStreamException(
                                        DifyStreamException.IDLE,
                                        late == Phase.STREAMING
                                                ? "no byte from Dify for "
                                                        + host.config()
                                                                .timeouts()
                                                                .idle()
                                                : "no event from Dify for "
                                                        + host.config()
                                                                .timeouts()
                                                                .firstEvent()));
            }
            case ACQUIRING, CONNECTING, WRITING, AWAITING_HEAD, READING_REFUSAL ->
                fail(new DifyConnectionException(
                        DifyConnectionException.TIMEOUT,
                        "Dify did not answer in time (" + late.name().toLowerCase(Locale.ROOT) + ")",
                        late != Phase.ACQUIRING && late != Phase.CONNECTING));
        }
    }

    // ---- ends

    private void sendStop() {
        String task = taskId;
        synchronized (this) {
            if (stopSent || task == null || phase == Phase.ENDED) {
                return;
            }
            stopSent = true;
        }
        if (abandoned) {
            enter(Phase.DRAINING);
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
        HttpTransport.Exchange current;
        Bulkhead.Permit held;
        CompletableFuture<Optional<Bulkhead.Permit>> asked;
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            phase = Phase.ENDED;
            current = exchange;
            held = permit;
            asked = place;
        }
        watchdog.end();
        if (current != null) {
            current.cancel();
        }
        if (held != null) {
            held.close();
        } else if (asked != null) {
            asked.cancel(false);
        }
        Outcome told = end instanceof Outcome.Completed && stopRequested ? new Outcome.Stopped() : end;
        DifyException error = cause != null ? cause : failureOf(told);
        if (told == null) {
            DifyException reason = error == null ? cancelled() : error;
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
