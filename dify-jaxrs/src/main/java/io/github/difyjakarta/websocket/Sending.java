package io.github.difyjakarta.websocket;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that goes out of one WebSocket, one frame after the other: the next is sent when the peer's side has taken the one before,
 * so what waits here is what the browser has not taken. Containers queue without bound, and some refuse a second send.
 *
 * <p>Thread-safe. What is sent is sent by the thread that asks for it as long as the browser keeps up. The container may tell that
 * a frame is taken while it holds the very locks that sending needs, so whatever follows from that, callbacks above all, happens
 * on the executor, with no lock held.
 */
final class Sending {
    /** {@link #onDrained} is called when no more than this waits. */
    static final long DRAINED = 32 * 1024;

    private static final System.Logger LOGGER = System.getLogger(Sending.class.getName());

    private final Transport transport;
    private final Executor executor;
    private final LongSupplier nanos;
    private final Runnable onBroken;

    // Guarded by the queue:
    private final Deque<Outgoing> queue = new ArrayDeque<>();
    private long pending;
    /** Whether some thread, or the container, will go on with the queue. */
    private boolean busy;
    /** Nothing more is taken. */
    private boolean ended;

    private long progressAt;
    private @Nullable Runnable drained;

    /**
     * @param executor runs what must not run while the container holds its locks; its tasks do not block
     * @param nanos a clock such as {@link System#nanoTime}
     * @param onBroken is called on the executor when the browser turns out to be gone; perhaps more than once
     */
    Sending(Transport transport, Executor executor, LongSupplier nanos, Runnable onBroken) {
        this.transport = transport;
        this.executor = executor;
        this.nanos = nanos;
        this.onBroken = onBroken;
        this.progressAt = nanos.getAsLong();
    }

    /** Puts something in the queue, for {@link #flush} to send. Nothing is taken after a {@link Outgoing.Close}. */
    void add(Outgoing next) {
        synchronized (queue) {
            if (ended) {
                return;
            }
            if (queue.isEmpty() && !busy) {
                progressAt = nanos.getAsLong(); // what waits from now on has not waited before
            }
            pending += next.size();
            ended = next instanceof Outgoing.Close;
            boolean joined = next instanceof Outgoing.Chunk piece
                    && queue.peekLast() instanceof Outgoing.Chunk last
                    && last.join(piece);
            if (!joined) {
                queue.add(next);
            }
        }
    }

    /** Sends what waits, as far as the browser takes it. */
    void flush() {
        synchronized (queue) {
            if (busy) {
                return;
            }
            busy = true;
        }
        run();
    }

    /** The same on the executor, for threads that many share. */
    void flushSoon() {
        executor.execute(this::flush);
    }

    private void run() {
        for (Outgoing next = take(); next != null; next = take()) {
            if (!send(next)) {
                return; // goes on when the browser has taken it
            }
        }
    }

    private @Nullable Outgoing take() {
        Outgoing next;
        synchronized (queue) {
            next = queue.poll();
            busy = next != null;
        }
        // Out of the queue nothing joins it any more: its JSON is written while others may add.
        return next instanceof Outgoing.Chunk piece ? piece.toText() : next;
    }

    /** Whether the next may follow at once. */
    private boolean send(Outgoing next) {
        try {
            if (next instanceof Outgoing.Text text) {
                Delivery delivery = new Delivery(text.size());
                transport.text(text.json(), delivery);
                return delivery.isThereAlready();
            } else if (next instanceof Outgoing.Close close) {
                transport.close(close.code(), close.reason());
            } else {
                transport.ping();
            }
        } catch (IOException | RuntimeException e) {
            broken(e);
        }
        return true;
    }

    /** A text frame on its way. Of its two ends, that the call returns and that it is taken, the later one goes on. */
    private final class Delivery implements Consumer<Optional<Throwable>> {
        private final int size;
        private final AtomicBoolean later = new AtomicBoolean();
        private volatile Optional<Throwable> failure = Optional.empty();

        Delivery(int size) {
            this.size = size;
        }

        @Override
        public void accept(Optional<Throwable> why) {
            failure = why;
            if (later.getAndSet(true)) {
                executor.execute(() -> {
                    finish();
                    run();
                });
            }
        }

        boolean isThereAlready() {
            boolean there = later.getAndSet(true);
            if (there) {
                finish();
            }
            return there;
        }

        private void finish() {
            taken(size);
            failure.ifPresent(Sending.this::broken);
        }
    }

    private void taken(int size) {
        synchronized (queue) {
            pending = Math.max(0, pending - size); // 0 already where it was given up meanwhile
            progressAt = nanos.getAsLong();
            if (drained != null && pending <= DRAINED) {
                executor.execute(drained);
                drained = null;
            }
        }
    }

    private void broken(Throwable why) {
        LOGGER.log(System.Logger.Level.DEBUG, "A browser is gone", why);
        executor.execute(onBroken);
        abort(Outgoing.Close.GOING_AWAY, "gone"); // some containers would not notice before they read
    }

    private void giveUp() {
        synchronized (queue) {
            ended = true;
            queue.clear();
            pending = 0;
            drained = null;
        }
    }

    /** Ends at once, for a browser that takes nothing: what waits is dropped. */
    void abort(int code, String reason) {
        giveUp();
        executor.execute(() -> {
            try {
                transport.close(code, reason);
            } catch (IOException | RuntimeException e) {
                LOGGER.log(System.Logger.Level.DEBUG, "A browser was gone before it could be told to go", e);
            } finally {
                transport.terminate();
            }
        });
    }

    /** Sends a ping, unless something waits: that does as well. */
    void ping() {
        synchronized (queue) {
            if (ended || !isEmpty()) {
                return;
            }
        }
        add(new Outgoing.Ping());
        flushSoon();
    }

    /** Characters that the browser has not taken. */
    long pending() {
        synchronized (queue) {
            return pending;
        }
    }

    /** How many frames wait. */
    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    /** For how long the browser has taken nothing although something waits; zero where nothing waits. */
    Duration stalledFor() {
        synchronized (queue) {
            return isEmpty() ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - progressAt);
        }
    }

    /** For how long nothing was to be sent; zero where something waits. */
    Duration quietFor() {
        synchronized (queue) {
            return isEmpty() ? Duration.ofNanos(nanos.getAsLong() - progressAt) : Duration.ZERO;
        }
    }

    private boolean isEmpty() {
        return queue.isEmpty() && !busy;
    }

    /** Calls back once on the executor, when no more than {@value #DRAINED} characters wait. */
    void onDrained(Runnable callback) {
        synchronized (queue) {
            if (!ended && pending > DRAINED) {
                drained = callback;
                return;
            }
        }
        executor.execute(callback);
    }
}
