package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.WebSocketSettings;
import io.github.difyjakarta.relay.RelayError;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All WebSockets of the application. One clock serves them all, and runs only while there are any. Thread-safe.
 */
final class Sockets {
    private static final System.Logger LOGGER = System.getLogger(Sockets.class.getName());

    /** Everything is short, and nothing waits. */
    private static final Executor EXECUTOR = ForkJoinPool.commonPool();

    private static final RelayError SESSION_ENDED = RelayError.of(401, "session_ended", "Please log in again.");
    private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
    private static final long FAREWELL_SECONDS = 1;

    private final WebSocketSettings settings;
    /** By what is known of their HTTP sessions, which may change their ids. */
    private final Map<SocketChat, Optional<String>> chats = new ConcurrentHashMap<>();

    // Guarded by this:
    private @Nullable ScheduledFuture<?> clock;
    private boolean shutDown;

    Sockets(WebSocketSettings settings) {
        this.settings = settings;
    }

    int maxMessageBytes() {
        return settings.maxMessageBytes();
    }

    /** Keeps a new connection. */
    SocketChat open(Visitor visitor, Transport transport) {
        DifyClients clients = DifyClients.current();
        visitor.connection().takeOnlyWhatThePeerReads();
        SocketChat chat = new SocketChat(
                transport,
                Asking.of(clients, visitor),
                visitor.allowance(),
                visitor.words(),
                new SocketChat.Limits(
                        settings.maxMessageBytes(),
                        settings.idleTimeout(),
                        clients.relays().config().writeTimeout(),
                        settings.pingInterval()),
                EXECUTOR,
                System::nanoTime);
        boolean late;
        synchronized (this) {
            late = shutDown;
            chats.put(chat, visitor.session());
            if (clock == null && !late) {
                long nanos = tickInterval().toNanos();
                clock = clients.timer().scheduleWithFixedDelay(this::tick, nanos, nanos, TimeUnit.NANOSECONDS);
            }
        }
        if (late) {
            chat.end(Outgoing.Close.GOING_AWAY, RelayError.shuttingDown());
        }
        return chat;
    }

    private Duration tickInterval() {
        Duration shorter = settings.pingInterval().compareTo(settings.idleTimeout()) < 0
                ? settings.pingInterval()
                : settings.idleTimeout();
        Duration quarter = shorter.dividedBy(4);
        return quarter.compareTo(LONGEST_TICK) < 0 ? quarter : LONGEST_TICK;
    }

    private void tick() {
        for (SocketChat chat : chats.keySet()) {
            try {
                chat.tick();
            } catch (RuntimeException e) {
                // The clock serves all: one socket's trouble must not end it.
                LOGGER.log(System.Logger.Level.WARNING, "A WebSocket could not be looked after", e);
            }
        }
    }

    /**
     * Watches a connection itself, once everything else is set: Tyrus loses sight of a browser that leaves in the very moment in
     * which it comes. The server may keep the connection's object for long after its end.
     */
    static void watch(Visitor visitor, SocketChat chat) {
        Sockets sockets = visitor.sockets();
        WeakReference<SocketChat> known = new WeakReference<>(chat);
        visitor.connection().onClosed(() -> EXECUTOR.execute(() -> sockets.connectionGone(known.get())));
    }

    private void connectionGone(@Nullable SocketChat chat) {
        if (chat != null) {
            chat.onBroken();
            remove(chat);
        }
    }

    /** The container has closed a connection. */
    void remove(SocketChat chat) {
        chat.onClosed();
        synchronized (this) {
            chats.remove(chat);
            if (chats.isEmpty()) {
                stopClock();
                notifyAll();
            }
        }
    }

    private void stopClock() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    /** A user has logged out, or the session has timed out: whoever came with it is logged in no more. */
    void sessionEnded(String id) {
        chats.forEach((chat, session) -> {
            if (session.isPresent() && session.get().equals(id)) {
                chat.end(Outgoing.Close.VIOLATED_POLICY, SESSION_ENDED);
            }
        });
    }

    /** A session has another id, as at a login. */
    void sessionRenamed(String oldId, String newId) {
        chats.replaceAll((chat, session) -> session.filter(oldId::equals).isPresent() ? Optional.of(newId) : session);
    }

    /** Whether the application ends. */
    synchronized boolean isShutDown() {
        return shutDown;
    }

    /**
     * Tells everybody that the application ends, and waits until they have it, 1 s at most. Does nothing when called again.
     */
    void shutDown() {
        synchronized (this) {
            if (shutDown) {
                return;
            }
            shutDown = true;
            stopClock();
        }
        chats.keySet().forEach(chat -> chat.end(Outgoing.Close.GOING_AWAY, RelayError.shuttingDown()));
        awaitFarewell();
    }

    private synchronized void awaitFarewell() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FAREWELL_SECONDS);
        try {
            for (long left = FAREWELL_SECONDS * 1000; !chats.isEmpty() && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
