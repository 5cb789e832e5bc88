package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Where one stream is on its way, and until when it may stay there. Thread-safe.
 */
final class StreamClock {
    /** What may still follow the last event that matters, such as the tail of a speech. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** The way of a stream, in order; a retry goes back to the first. */
    enum Phase {
        /** Waits for a place, or before another attempt. */
        ACQUIRING,
        CONNECTING,
        WRITING,
        AWAITING_HEAD,
        READING_REFUSAL,
        AWAITING_EVENT,
        STREAMING,
        /** The answer is whole; the peer has not closed yet. */
        LINGERING,
        /** Nobody reads any more; a stop was sent. */
        DRAINING,
        ENDED
    }

    private final Timeouts timeouts;
    private final Watchdog watchdog;
    private final long startedAt = System.nanoTime();
    private volatile Phase phase = Phase.ACQUIRING;
    private volatile long phaseSince = startedAt;
    private volatile long lastByteAt = startedAt;
    private volatile boolean heldBack;

    /**
     * @param late called with the phase whose time has passed
     */
    StreamClock(Timeouts timeouts, ScheduledExecutorService scheduler, Consumer<Phase> late) {
        this.timeouts = timeouts;
        this.watchdog = new Watchdog(scheduler, this::deadline, () -> late.accept(phase));
    }

    Phase phase() {
        return phase;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** Goes on, unless it has ended. */
    void enter(Phase next) {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            phase = next;
            phaseSince = System.nanoTime();
        }
        watchdog.arm();
    }

    /** Ends it; true for the first who does. */
    boolean end() {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return false;
            }
            phase = Phase.ENDED;
        }
        watchdog.end();
        return true;
    }

    /** The peer lives. */
    void byteCame() {
        lastByteAt = System.nanoTime();
    }

    /** While we ask for nothing, silence is ours. */
    void holdBack(boolean held) {
        lastByteAt = System.nanoTime();
        heldBack = held;
    }

    /** Whether there is time for a wait. */
    boolean allows(Duration wait) {
        return System.nanoTime() + wait.toNanos() - totalDeadline() <= 0;
    }

    private long totalDeadline() {
        return startedAt + timeouts.total().toNanos();
    }

    private long deadline() {
        long total = totalDeadline();
        long own =
                switch (phase) {
                    case ACQUIRING, ENDED -> total;
                    // The transport has its own limit for each address; this one bounds them all.
                    case CONNECTING -> after(timeouts.connect().multipliedBy(2));
                    case WRITING -> after(timeouts.write());
                    case AWAITING_HEAD, READING_REFUSAL -> after(timeouts.headers());
                    case AWAITING_EVENT -> earlier(after(timeouts.firstEvent()), silenceDeadline());
                    case STREAMING -> silenceDeadline();
                    case LINGERING -> after(LINGER);
                    case DRAINING -> after(timeouts.stopDrain());
                };
        return phase == Phase.DRAINING ? own : earlier(own, total);
    }

    private long silenceDeadline() {
        return (heldBack ? System.nanoTime() : lastByteAt) + timeouts.idle().toNanos();
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private long after(Duration time) {
        return phaseSince + time.toNanos();
    }

    /** What to say of a phase whose time has passed. */
    DifyException failure(Phase late) {
        return switch (late) {
            case AWAITING_EVENT, STREAMING, LINGERING, DRAINING, ENDED -> streamFailure();
            case ACQUIRING, CONNECTING, WRITING, AWAITING_HEAD, READING_REFUSAL ->
                new DifyConnectionException(
                        DifyConnectionException.TIMEOUT,
                        "Dify did not answer in time (" + late.name().toLowerCase(Locale.ROOT) + ")",
                        late != Phase.ACQUIRING && late != Phase.CONNECTING);
        };
    }

    private DifyStreamException streamFailure() {
        if (!allows(Duration.ZERO)) {
            return new DifyStreamException(
                    DifyStreamException.TOTAL_TIMEOUT, "the stream took longer than " + timeouts.total());
        }
        return new DifyStreamException(
                DifyStreamException.IDLE,
                System.nanoTime() - silenceDeadline() >= 0
                        ? "no byte from Dify for " + timeouts.idle()
                        : "no event from Dify for " + timeouts.firstEvent());
    }
}
