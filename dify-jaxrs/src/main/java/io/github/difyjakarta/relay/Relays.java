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
import org.jspecify.annotations.Nullable;

/**
 * All streams of an application that are on their way: the one entry to this package. One clock serves them all, and runs
 * only while there are any. Thread-safe.
 */
public final class Relays implements Relay.Listener {
    private static final System.Logger LOGGER = System.getLogger(Relays.class.getName());

    private final RelayConfig config;
    private final ScheduledExecutorService scheduler;
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
        this.config = config;
        this.scheduler = scheduler;
    }

    public RelayConfig config() {
        return config;
    }

    /** Whose things are. */
    public Ownership ownership() {
        return ownership;
    }

    /** Passes a stream on as it is. */
    public void relay(DifyStream stream, Outlet outlet, String user, TokenMeter meter) {
        relay(stream, outlet, user, meter, EventPolicy.ALL);
    }

    /**
     * Passes a stream on until either side ends it.
     *
     * @param user whose it is, as Dify knows them
     * @param meter counts its tokens
     * @param policy which of its events pass
     */
    public void relay(DifyStream stream, Outlet outlet, String user, TokenMeter meter, EventPolicy policy) {
        Relay relay = new Relay(stream, outlet, config, user, meter, new Claims(ownership, user), policy, this);
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
        if (late) {
            stream.close();
            meter.ended();
            outlet.error(RelayError.shuttingDown());
        } else {
            relay.start();
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
                .filter(relay -> relay.user().equals(user))
                .isPresent();
    }

    /** How many streams are on their way to browsers. */
    public int active() {
        return relays.size();
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
    public void onEnd(Relay relay) {
        relay.taskId().ifPresent(taskId -> byTask.remove(taskId, relay));
        synchronized (this) {
            relays.remove(relay);
            if (relays.isEmpty() && clock != null) {
                clock.cancel(false);
                clock = null;
            }
        }
    }

    /**
     * Refuses new streams, tells the open ones, has their runs stopped, and waits for that within {@link
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
