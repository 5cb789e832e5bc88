package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.BatchSubscriber;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way from Dify to one browser. Asks Dify for more by the room that the browser has, keeps silence short,
 * notices on either side that the other is gone, and always leaves a terminal event or a status behind.
 *
 * <p>Thread-safe. Events come on the client's I/O thread, ticks on a timer, closes on the container's: whoever has something
 * to write holds the {@code output} lock, under which nothing of the application runs.
 */
final class Relay implements BatchSubscriber {
    /** Above this the browser is given time before Dify is asked for more. */
    private static final long ROOM_BYTES = 64 * 1024;

    private static final Set<String> TERMINAL = Set.of("message_end", "error", "workflow_finished", "workflow_paused");

    /** What happens to a relay, for who keeps them. */
    interface Listener {
        /** The id by which the run can be stopped is known. */
        void onTask(Relay relay, String taskId);

        /** It is over for the browser; the run may still be drained. */
        void onEnd(Relay relay);
    }

    private final DifyStream stream;
    private final Outlet outlet;
    private final RelayConfig config;
    private final String user;
    private final TokenMeter meter;
    private final Claims claims;
    private final EventPolicy policy;
    private final Listener listener;
    private final Object output = new Object();
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile Flow.@Nullable Subscription upstream;
    private volatile long lastOutputAt = System.nanoTime();
    private volatile boolean terminalRelayed;
    private volatile @Nullable String taskId;
    // Confined to the stream's signals, which come one at a time:
    private boolean first = true;
    /** Bytes of frames since the last pause, and those that the browser had not taken then. */
    private long gathered;

    private long pending;

    Relay(
            DifyStream stream,
            Outlet outlet,
            RelayConfig config,
            String user,
            TokenMeter meter,
            Claims claims,
            EventPolicy policy,
            Listener listener) {
        this.stream = stream;
        this.outlet = outlet;
        this.config = config;
        this.user = user;
        this.meter = meter;
        this.claims = claims;
        this.policy = policy;
        this.listener = listener;
    }

    void start() {
        outlet.onClosed(this::browserGone);
        pending = outlet.pendingBytes();
        stream.frames().subscribe(this);
    }

    Optional<String> taskId() {
        return Optional.ofNullable(taskId);
    }

    boolean isEnded() {
        return ended.get();
    }

    String user() {
        return user;
    }

    // ---- from Dify

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(DifyFrame frame) {
        if (ended.get()) {
            return;
        }
        if (taskId == null && frame.taskId().isPresent()) {
            String id = frame.taskId().get();
            taskId = id;
            listener.onTask(this, id);
        }
        meter.saw(frame);
        claims.saw(frame);
        DifyFrame shown = policy.shown(frame);
        if (shown == null) {
            askForMore(); // as if it had never come: the browser's silence goes on
            return;
        }
        boolean opening = first;
        first = false;
        if (opening && frame.name().equals("error") && frame.toEvent() instanceof DifyEvent.Failure refusal) {
            // Nothing has been said yet: it can still be an HTTP status.
            end(() -> outlet.error(
                    RelayError.ofRefusal(refusal.status(), refusal.code(), refusal.message(), Optional.empty())));
            return;
        }
        terminalRelayed |= TERMINAL.contains(frame.name());
        synchronized (output) {
            if (!ended.get()) {
                outlet.event(shown);
            }
        }
        gathered += shown.size();
        if (gathered + pending <= ROOM_BYTES) {
            askForMore();
        } else {
            pass();
        }
    }

    /** What came together leaves together: writing costs more than all else, and hardly depends on the size. */
    @Override
    public void onPause() {
        if (gathered > 0) {
            pass();
        }
    }

    private void pass() {
        boolean asked = gathered + pending <= ROOM_BYTES;
        synchronized (output) {
            if (!ended.get()) {
                outlet.flush();
                lastOutputAt = System.nanoTime();
            }
        }
        gathered = 0;
        pending = outlet.pendingBytes();
        if (asked) {
            return;
        }
        if (pending <= ROOM_BYTES) {
            askForMore();
        } else {
            outlet.onDrained(this::askForMore);
        }
    }

    private void askForMore() {
        Flow.Subscription subscription = upstream;
        if (subscription != null && !ended.get()) {
            subscription.request(1);
        }
    }

    @Override
    public void onComplete() {
        end(outlet::end);
    }

    @Override
    public void onError(Throwable failure) {
        meter.failed(failure);
        if (terminalRelayed && failure instanceof DifyApiException) {
            end(outlet::end); // Dify's own words have gone out already
        } else {
            end(() -> outlet.error(RelayError.of(failure)));
        }
    }

    // ---- from the browser and the clock

    private void browserGone() {
        if (end(() -> {})) {
            stream.close();
        }
    }

    /** Called by the clock: speaks into a silence, and ends a stream that the browser does not read. */
    void tick() {
        if (outlet.stalledFor().compareTo(config.writeTimeout()) >= 0) {
            if (end(outlet::abort)) {
                stream.close();
            }
            return;
        }
        if (System.nanoTime() - lastOutputAt >= config.heartbeat().toNanos()) {
            synchronized (output) {
                if (!ended.get()) {
                    outlet.keepAlive();
                    lastOutputAt = System.nanoTime();
                }
            }
        }
    }

    /** The application goes down: the browser is told, and Dify asked to stop. */
    void shutDown() {
        if (end(() -> outlet.error(RelayError.shuttingDown()))) {
            stream.close();
        }
    }

    private boolean end(Runnable lastWords) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        synchronized (output) {
            lastWords.run();
        }
        meter.ended();
        listener.onEnd(this);
        return true;
    }

    /** The smallest interval at which {@link #tick} keeps what the configuration promises. */
    static Duration tickInterval(RelayConfig config) {
        Duration quarter = config.heartbeat().dividedBy(4);
        return quarter.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofSeconds(1) : quarter;
    }
}
