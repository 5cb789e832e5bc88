package io.github.difyjakarta.servlet;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread, started when first needed and ended by {@link #close}. Not the container's scheduler: there a cancelled
 * task stays in the queue, and with it its stream, until its time would have come, and a thread of the server can keep the
 * class loader of the application that it first served. Thread-safe.
 */
final class LazyTimer implements Timer, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LazyTimer.class.getName());

    private final String threadName;
    private @Nullable ScheduledExecutorService scheduler;
    private boolean closed;

    LazyTimer(String threadName) {
        this.threadName = threadName;
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        try {
            Future<?> future = scheduler().schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "The application is being stopped; a timer of a stream is not set", e);
            return () -> {};
        }
    }

    @Override
    public void soon(Runnable task) {
        try {
            scheduler().execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "The application is being stopped; a callback runs at once", e);
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A callback of an event stream has failed", e);
        }
    }

    private synchronized ScheduledExecutorService scheduler() {
        if (closed) {
            throw new RejectedExecutionException("The streaming filter is destroyed");
        }
        if (scheduler == null) {
            scheduler = thread();
        }
        return scheduler;
    }

    private ScheduledExecutorService thread() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Ends the thread, if there is one. */
    @Override
    public synchronized void close() {
        closed = true;
        if (scheduler != null) {
            scheduler.shutdownNow();
        }
    }
}
