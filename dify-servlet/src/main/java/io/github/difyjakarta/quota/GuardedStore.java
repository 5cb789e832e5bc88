package io.github.difyjakarta.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A store elsewhere, for whose answer nobody waits longer than a limit. While it fails, one call a second tries it and all others
 * are told at once; the log has an alarm when that begins, each minute, and when it ends. Up to {@value #THREADS} daemon threads
 * talk to it, and end when there is nothing to say. Thread-safe.
 */
final class GuardedStore implements QuotaStore {

    private static final System.Logger LOG = System.getLogger(GuardedStore.class.getName());

    /** With this, an answer that needs the store is out within 100 ms. */
    static final Duration LIMIT = Duration.ofMillis(80);

    static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration ALARM_EVERY = Duration.ofMinutes(1);
    private static final int THREADS = 16;
    private static final int NEVER = 0;

    private final String name;
    private final QuotaStore store;
    private final LongSupplier nanos;
    private final long start;
    private final ThreadPoolExecutor threads;
    /** Since {@code start}: until then nobody asks the store; {@code NEVER} while it answers. */
    private final AtomicLong pausedUntil = new AtomicLong(NEVER);

    private final AtomicLong nextAlarm = new AtomicLong(NEVER);

    /**
     * Guards a store.
     *
     * @param name what the log calls it
     */
    GuardedStore(String name, QuotaStore store, LongSupplier nanos) {
        this.name = name;
        this.store = store;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(0, THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "dify-quota-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Bucket bucket(Plan.Kind kind, String key, BucketConfiguration configuration) {
        return store.bucket(kind, key, configuration);
    }

    @Override
    public <T> T attempt(Supplier<T> work) throws StoreUnavailable {
        long paused = pausedUntil.get();
        if (paused != NEVER && (now() < paused || !pausedUntil.compareAndSet(paused, now() + PAUSE.toNanos()))) {
            throw new StoreUnavailable(name + " does not answer", null);
        }
        T result = inTime(work);
        if (paused != NEVER && pausedUntil.getAndSet(NEVER) != NEVER) {
            nextAlarm.set(NEVER);
            LOG.log(System.Logger.Level.INFO, "Quotas: {0} answers again", name);
        }
        return result;
    }

    private <T> T inTime(Supplier<T> work) throws StoreUnavailable {
        Future<T> future;
        try {
            future = threads.submit(work::get);
        } catch (RejectedExecutionException e) {
            throw failed(e); // all threads wait for it
        }
        try {
            return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            future.cancel(true);
            throw failed(e);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while " + name + " was asked", e);
        }
    }

    private StoreUnavailable failed(Exception cause) {
        long now = now();
        pausedUntil.set(now + PAUSE.toNanos());
        long alarm = nextAlarm.get();
        if (now >= alarm && nextAlarm.compareAndSet(alarm, now + ALARM_EVERY.toNanos())) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Quotas: " + name + " does not answer within " + LIMIT.toMillis()
                            + " ms; requests pass uncounted, and where tokens are limited no answer begins",
                    cause);
        }
        return new StoreUnavailable(name + " does not answer", cause);
    }

    /** 1 or more. */
    private long now() {
        return nanos.getAsLong() - start + 1;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        store.close();
    }
}
