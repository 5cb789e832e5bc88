package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.BatchSubscriber;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.MalformedEventException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way from Dify to one browser. Asks Dify for more by the room that the browser has, keeps silence short,
 * notices on either side that the other is gone, and always leaves a terminal event or a status behind. A browser that is to come
 * back is waited for; meanwhile Dify is asked for nothing, as if the browser were slow.
 *
 * <p>Thread-safe. Events come on the client's I/O thread, ticks on a timer, closes on the container's.
 */
final class Relay implements BatchSubscriber, Delivery.Owner {
    private static final Set<String> TERMINAL = Set.of("message_end", "error", "workflow_finished", "workflow_paused");

    /** What happens to a relay, for who keeps them. */
    interface Listener {
        /** The id by which the run can be stopped is known. */
        void onTask(Relay relay, String taskId);

        /** Nobody reads it any more, and it waits for somebody who does. */
        void onUnread(Relay relay);

        /** It is over for browsers; the run may still be drained. */
        void onEnd(Relay relay);
    }

    /**
     * What a relay is told at its beginning.
     *
     * @param id by which browsers come back to it; empty for one that is not kept
     * @param user whose it is, as Dify knows them
     * @param replayBytes kept of what was sent
     * @param grace how long it is kept without a reader; 0 ends it with its reader
     * @param policy which of its events its readers see
     */
    record Terms(String id, String user, long replayBytes, Duration grace, EventPolicy policy) {
        static Terms plain(String user, EventPolicy policy) {
            return new Terms("", user, 0, Duration.ZERO, policy);
        }
    }

    private final Upstream stream;
    private final Terms terms;
    private final RelayConfig config;
    private final TokenMeter meter;
    private final Claims claims;
    private final Listener listener;
    private final Delivery delivery;

    private volatile Flow.@Nullable Subscription upstream;
    private volatile @Nullable String taskId;
    // Confined to the stream's signals, which come one at a time:
    private boolean first = true;
    private boolean terminalCame;

    Relay(
            Upstream stream,
            Terms terms,
            RelayConfig config,
            TokenMeter meter,
            Claims claims,
            Listener listener,
            LongSupplier nanoTime) {
        this.stream = stream;
        this.terms = terms;
        this.config = config;
        this.meter = meter;
        this.claims = claims;
        this.listener = listener;
        this.delivery = new Delivery(this, new Replay(terms.replayBytes()), nanoTime);
    }

    void start(Outlet outlet) {
        attach(outlet, 0);
        stream.subscribe(this);
    }

    String id() {
        return terms.id();
    }

    String user() {
        return terms.user();
    }

    Optional<String> taskId() {
        return Optional.ofNullable(taskId);
    }

    boolean isEnded() {
        return delivery.isClosed();
    }

    /** Whether somebody reads it now. */
    boolean isRead() {
        return delivery.isRead();
    }

    /** Whether there is something to stop. */
    boolean isRunning() {
        return !isEnded() && !stream.isOver();
    }

    // ---- from Dify

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        subscription.request(1);
    }

    /** Who throws here is sent nothing more, not even the end: so the browser is told of it first. */
    @Override
    public void onNext(DifyFrame frame) {
        try {
            pass(frame);
        } catch (RuntimeException e) {
            try {
                onError(e instanceof MalformedEventException ? malformed(e) : e);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static DifyStreamException malformed(RuntimeException cause) {
        return new DifyStreamException(DifyStreamException.MALFORMED, "an event makes no sense", cause);
    }

    private void pass(DifyFrame frame) {
        if (taskId == null && frame.taskId().isPresent()) {
            String id = frame.taskId().get();
            taskId = id;
            listener.onTask(this, id);
        }
        meter.saw(frame);
        claims.saw(frame);
        DifyFrame shown = terms.policy().shown(frame);
        if (shown == null) {
            onRoom(); // as if it had never come: the browser's silence goes on
            return;
        }
        boolean opening = first;
        first = false;
        if (opening && frame.name().equals("error") && frame.toEvent() instanceof DifyEvent.Failure refusal) {
            // Nothing has been said yet: it can still be an HTTP status.
            close(reader -> reader.error(
                    RelayError.ofRefusal(refusal.status(), refusal.code(), refusal.message(), Optional.empty())));
            return;
        }
        terminalCame |= TERMINAL.contains(frame.name());
        delivery.add(shown);
    }

    @Override
    public void onPause() {
        delivery.pause();
    }

    @Override
    public void onComplete() {
        meter.ended();
        delivery.end(Outlet::end);
    }

    @Override
    public void onError(Throwable failure) {
        meter.failed(failure);
        RelayError error = RelayError.of(failure);
        if (first && !TokenMeter.mayHaveBegun(failure)) {
            close(reader -> reader.error(error)); // nothing that could be read again
        } else if (terminalCame && failure instanceof DifyApiException) {
            delivery.end(Outlet::end); // Dify's own words have gone out already
        } else {
            delivery.end(reader -> reader.error(error));
        }
    }

    @Override
    public void onRoom() {
        Flow.Subscription subscription = upstream;
        if (subscription != null) {
            subscription.request(1);
        }
    }

    // ---- from browsers and the clock

    /**
     * A browser reads on, in place of any other that does. It is told by its outlet if that cannot be.
     *
     * @param last the number of the last event it has, 0 for none
     */
    void attach(Outlet outlet, long last) {
        if (!delivery.attach(outlet, last)) {
            return;
        }
        outlet.onClosed(() -> {
            if (delivery.detach(outlet)) {
                unread();
            }
        });
        delivery.pause();
    }

    @Override
    public void onAllRead() {
        unread();
    }

    private void unread() {
        if (terms.grace().isZero()) {
            giveUp();
        } else {
            listener.onUnread(this);
        }
    }

    /** Called by the clock: speaks into a silence, ends a stream that the browser does not read, or that nobody came back to. */
    void tick() {
        if (delivery.cutOffIfStalled(config.writeTimeout())) {
            unread();
        }
        delivery.breakSilence(config.heartbeat());
        if (!terms.grace().isZero()) { // else it has ended with its reader
            giveUpAfter(terms.grace());
        }
    }

    /** Ends it, unless somebody reads it. */
    void giveUp() {
        giveUpAfter(Duration.ZERO);
    }

    private void giveUpAfter(Duration unread) {
        if (delivery.closeIfUnread(unread)) {
            closed();
        }
    }

    /** The application goes down: the browser is told, and Dify asked to stop. */
    void shutDown() {
        close(reader -> reader.error(RelayError.shuttingDown()));
    }

    private void close(Consumer<Outlet> lastWords) {
        if (delivery.close(lastWords)) {
            closed();
        }
    }

    private void closed() {
        Flow.Subscription subscription = upstream;
        if (stream.isOver() && subscription != null) {
            subscription.request(Long.MAX_VALUE); // nobody sees the rest, but what the run has cost is in it
        } else {
            stream.close();
        }
        meter.ended();
        listener.onEnd(this);
    }

    /** The smallest interval at which {@link #tick} keeps what the configuration promises. */
    static Duration tickInterval(RelayConfig config) {
        Duration quarter = config.heartbeat().dividedBy(4);
        return quarter.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofSeconds(1) : quarter;
    }
}
