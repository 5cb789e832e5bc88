package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.DifyStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All streams of an application that are on their way: the one entry to this package. One clock serves them all, and runs
 * only while there are any. Thread-safe.
 */
public final class Relays implements Relay.Listener {
    private static final System.Logger LOGGER = System.getLogger(Relays.class.getName());

    private final RelayConfig config;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoTime;
    private final KeptStreams kept;
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final Set<DifyStream> running = ConcurrentHashMap.newKeySet();
    private final Map<String, Relay> byTask = new ConcurrentHashMap<>();
    private final Ownership ownership = new Ownership();

    // Guarded by this:
    private @Nullable ScheduledFuture<?> clock;
    private boolean shutDown;

    /**
     * @param scheduler for the clock; its tasks are short and never block
     */
    public Relays(RelayConfig config, ScheduledExecutorService scheduler) {
        this(config, scheduler, System::nanoTime);
    }

    Relays(RelayConfig config, ScheduledExecutorService scheduler, LongSupplier nanoTime) {
        this.config = config;
        this.scheduler = scheduler;
        this.nanoTime = nanoTime;
        this.kept = new KeptStreams(config.keptStreams());
    }

    public RelayConfig config() {
        return config;
    }

    /** Whose things are. */
    public Ownership ownership() {
        return ownership;
    }

    /**
     * Passes a stream on until either side ends it.
     *
     * @param user whose it is, as Dify knows them
     */
    public void relay(Beginning.Run run, Outlet outlet, String user) {
        start(relay(run, Relay.Terms.plain(user, run.policy())), run.stream(), outlet);
    }

    /**
     * What has become of a question.
     *
     * @param id by which a browser comes back to its stream; unguessable
     * @param isNew whether it was asked now; else it had been before, and is answered by the same run
     */
    public record Opened(String id, boolean isNew) {}

    /**
     * Passes a stream on that browsers can come back to, for {@link RelayConfig#resumeGrace()} after they left. A question with a
     * key that is known is not asked again: its browser gets the same stream from its beginning, in place of who reads it.
     *
     * @param announce told before anything goes out; not if the key belongs to another question, which the outlet is told
     * @param begin asks Dify; called at most once, now, by this thread
     */
    public void open(Question question, Outlet outlet, Consumer<Opened> announce, Supplier<Beginning> begin) {
        Optional<KeptStreams.Claim> claimed = kept.claim(question);
        if (claimed.isEmpty()) {
            outlet.error(RelayError.keyReused());
            return;
        }
        KeptStreams.Claim claim = claimed.get();
        Opened opened = new Opened(claim.stream().id(), claim.isFirst());
        if (claim.isFirst()) {
            ask(claim.stream(), question, outlet, () -> {
                announce.accept(opened);
                return begin.get();
            });
        } else {
            announce.accept(opened);
            claim.stream().enter(outlet, 0);
        }
    }

    private void ask(KeptStreams.Kept stream, Question question, Outlet outlet, Supplier<Beginning> begin) {
        KeptStreams.Door door = (latecomer, last) -> latecomer.error(RelayError.noSuchStream());
        boolean begun = false;
        try {
            Beginning beginning = begin.get();
            if (beginning instanceof Beginning.Run run) {
                Relay relay = relay(
                        run,
                        new Relay.Terms(
                                stream.id(),
                                question.user(),
                                config.replayBytes(),
                                config.resumeGrace(),
                                run.policy()));
                begun = true;
                start(relay, run.stream(), outlet);
                door = relay::attach;
            } else if (beginning instanceof Beginning.Refused refused) {
                outlet.error(refused.error());
                door = (latecomer, last) -> latecomer.error(refused.error());
            }
        } finally {
            if (!begun) {
                kept.forget(stream);
            }
            stream.open(door);
        }
    }

    /**
     * Goes on with a stream of {@link #open} where a browser left off, in place of who reads it. Its outlet is told if that cannot
     * be: 404 where this user has no such stream, 410 where what follows is not kept any more.
     *
     * @param last the number of the last event that the browser has, from 1; 0 for none
     */
    public void resume(String id, String app, String user, Outlet outlet, long last) {
        kept.find(id, app, user)
                .ifPresentOrElse(stream -> stream.enter(outlet, last), () -> outlet.error(RelayError.noSuchStream()));
    }

    private Relay relay(Beginning.Run run, Relay.Terms terms) {
        Claims claims = new Claims(ownership, terms.user());
        return new Relay(Upstream.of(run.stream()), terms, config, run.meter(), claims, this, nanoTime);
    }

    private void start(Relay relay, DifyStream stream, Outlet outlet) {
        boolean late;
        synchronized (this) {
            late = shutDown;
            if (!late) {
                relays.add(relay);
                if (clock == null) {
                    long interval = Relay.tickInterval(config).toNanos();
                    clock = scheduler.scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.NANOSECONDS);
                }
            }
        }
        remember(stream);
        relay.start(outlet);
        if (late) {
            relay.shutDown();
        }
    }

    /** A run stays on the books until the client has really ended it, stop and drain included. */
    private void remember(DifyStream stream) {
        running.add(stream);
        stream.outcome().whenComplete((outcome, failure) -> running.remove(stream));
    }

    /**
     * Whether a run with this id is on its way to this user. Nobody learns anything of the runs of others.
     *
     * @param user as Dify knows them
     */
    public boolean isRunning(String taskId, String user) {
        return Optional.ofNullable(byTask.get(taskId))
                .filter(relay -> relay.user().equals(user) && relay.isRunning())
                .isPresent();
    }

    /** How many streams are on their way to browsers, or kept for them. */
    public int active() {
        return relays.size();
    }

    /** How many of them browsers can come back to. */
    int kept() {
        return kept.size();
    }

    private void tick() {
        for (Relay relay : relays) {
            try {
                relay.tick();
            } catch (RuntimeException e) {
                // The clock serves all: one stream's trouble must not end it.
                LOGGER.log(System.Logger.Level.WARNING, "A stream could not be kept alive", e);
            }
        }
    }

    @Override
    public void onTask(Relay relay, String taskId) {
        byTask.putIfAbsent(taskId, relay);
        if (relay.isEnded()) {
            byTask.remove(taskId, relay); // it ended between its word and ours
        }
    }

    @Override
    public void onUnread(Relay relay) {
        kept.leave(relay);
    }

    @Override
    public void onEnd(Relay relay) {
        kept.forget(relay);
        relay.taskId().ifPresent(taskId -> byTask.remove(taskId, relay));
        synchronized (this) {
            relays.remove(relay);
            if (relays.isEmpty() && clock != null) {
                clock.cancel(false);
                clock = null;
            }
        }
    }

    /** Whether {@link #shutDown} was called. */
    public synchronized boolean isShutDown() {
        return shutDown;
    }

    /**
     * Refuses new streams, tells the open ones, has their runs stopped and those that wait for a browser, and waits for that within {@link
     * RelayConfig#shutdownGrace()}.
     */
    public void shutDown() {
        synchronized (this) {
            shutDown = true;
        }
        List.copyOf(relays).forEach(Relay::shutDown);
        CompletableFuture<?> drained = CompletableFuture.allOf(running.stream()
                .map(stream -> stream.outcome().toCompletableFuture().handle((outcome, failure) -> "ended"))
                .toArray(CompletableFuture[]::new));
        try {
            drained.get(config.shutdownGrace().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} runs did not end at Dify within {1}; their connections are closed",
                    running.size(),
                    config.shutdownGrace());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("failures were turned into results", e);
        }
    }
}
