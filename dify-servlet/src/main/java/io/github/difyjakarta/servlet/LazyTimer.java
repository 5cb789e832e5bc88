package io.github.difyjakarta.servlet;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * The container's managed scheduler where there is one, else one daemon thread, started when first needed and ended by
 * {@link #close}. Thread-safe.
 */
final class LazyTimer implements Timer, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LazyTimer.class.getName());

    private static final String MANAGED = "java:comp/DefaultManagedScheduledExecutorService";

    private final String threadName;
    private @Nullable ScheduledExecutorService scheduler;
    private @Nullable ScheduledThreadPoolExecutor own;
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
            scheduler = find();
        }
        return scheduler;
    }

    /** Looked up by the first request, since names below java:comp are bound to a component's threads. */
    @SuppressWarnings("BanJNDI") // a constant name, resolved by the container itself
    private ScheduledExecutorService find() {
        try {
            if (InitialContext.doLookup(MANAGED) instanceof ScheduledExecutorService managed) {
                return managed;
            }
        } catch (NamingException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "No managed scheduler here; one thread of our own serves", e);
        }
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        own = executor;
        return executor;
    }

    /** Ends the thread if there is one of our own; the container's scheduler is not ours to end. */
    @Override
    public synchronized void close() {
        closed = true;
        if (own != null) {
            own.shutdownNow();
        }
    }
}
