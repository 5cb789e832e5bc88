package io.github.difyjakarta.client.http;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** Closes connections soon after they went idle, so that none is left when nothing runs. Thread-safe. */
final class IdleConnections implements AutoCloseable {
    /** A look at the very end of the time might find a connection that has a moment left. */
    private static final long LATER_MILLIS = 100;

    private final PoolingAsyncClientConnectionManager connections;
    private final Duration keepAlive;
    private final ScheduledExecutorService scheduler;

    // Guarded by this:
    private @Nullable Future<?> cleaning;
    private boolean closed;

    /**
     * @param keepAlive how long an idle one may be used again
     * @param scheduler its tasks are short
     */
    IdleConnections(
            PoolingAsyncClientConnectionManager connections, Duration keepAlive, ScheduledExecutorService scheduler) {
        this.connections = connections;
        this.keepAlive = keepAlive;
        this.scheduler = scheduler;
    }

    /** A connection may be idle from now on. */
    synchronized void cleanSoon() {
        if (cleaning == null && !closed) {
            cleaning = scheduler.schedule(this::clean, keepAlive.toMillis() + LATER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void clean() {
        synchronized (this) {
            cleaning = null;
        }
        connections.closeIdle(TimeValue.of(keepAlive));
        if (connections.getTotalStats().getAvailable() > 0) {
            cleanSoon();
        }
    }

    /** Cleans no more; the connections are left to whoever closes them all. */
    @Override
    public synchronized void close() {
        closed = true;
        if (cleaning != null) {
            cleaning.cancel(false);
        }
    }
}
