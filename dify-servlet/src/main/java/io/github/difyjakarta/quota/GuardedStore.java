package io.github.difyjakarta.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A store elsewhere, for whose answer nobody waits longer than a limit (80 ms by default) once it is one's turn; but longer while
 * it starts, moves since a node has just come or left, or more ask than there are threads. While it fails, one call a second tries
 * it and all others are told at once; the log has an alarm when that begins, each minute, and when it ends.
 *
 * <p>Up to {@value #THREADS} daemon threads talk to it, and end when there is nothing to say. Not the container's: those may all be
 * waiting for this very answer, and a thread of the server can keep the class loader of the application that it first served.
 * Thread-safe.
 */
final class GuardedStore implements QuotaStore {

    private static final System.Logger LOG = System.getLogger(GuardedStore.class.getName());

    static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long who asks waits while the store moves: Hazelcast takes 5 s to give up a copy on a member that has died. */
    static final Duration MOVING = Duration.ofSeconds(8);

    /** How long the first calls after the start may take. */
    static final Duration STARTING = Duration.ofSeconds(5);

    private static final Duration ALARM_EVERY = Duration.ofMinutes(1);
    /** Few: all take from the same bucket of all together, and who comes in between makes the others begin again. */
    private static final int THREADS = 8;

    /** How often who waits for a thread looks whether that is in vain. */
    private static final long LOOK_MS = 10;

    private static final int NEVER = 0;

    private final String name;
    private final QuotaStore store;
    private final Duration limit;
    private final LongSupplier nanos;
    private final long start;
    private final Refusals refusals;
    private final ThreadPoolExecutor threads;
    private volatile boolean starting;
    /** Since {@code start}: until then nobody asks the store; {@code NEVER} while it answers. */
    private final AtomicLong pausedUntil = new AtomicLong(NEVER);

    private final AtomicLong nextAlarm = new AtomicLong(NEVER);

    /**
     * Guards a store.
     *
     * @param name what the log calls it
     * @param application whose it is, as the names of its threads tell; empty for the root
     * @param limit for an answer
     */
    GuardedStore(String name, String application, QuotaStore store, Duration limit, LongSupplier nanos) {
        this.name = name;
        this.store = store;
        this.limit = limit;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.refusals = new Refusals(nanos);
        AtomicInteger number = new AtomicInteger();
        // Who finds all threads busy waits in the queue while the store answers others: a burst is no failure.
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> thread(task, "dify-quota-" + number.incrementAndGet() + " of " + application + '/'));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Without the thread-locals of the request that happens to need it, and with our class loader: the request's may be another
     * application's.
     */
    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setContextClassLoader(GuardedStore.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    /** Does something with the store in the background: the first call takes longer, for connecting and loading classes. */
    void warmUp(Runnable work) {
        starting = true;
        threads.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) { // whoever needs it will raise the alarm
                LOG.log(System.Logger.Level.DEBUG, name + " did not answer at the start", e);
            } finally {
                starting = false;
            }
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
        CountDownLatch turn = new CountDownLatch(1);
        FutureTask<T> task = new FutureTask<>(() -> {
            turn.countDown();
            return work.get();
        });
        try {
            threads.execute(task);
            awaitTurn(turn);
            return answer(task);
        } catch (ExecutionException | TimeoutException e) {
            giveUp(task);
            throw failed(e);
        } catch (RejectedExecutionException e) {
            throw new StoreUnavailable("quotas are closed", e);
        } catch (InterruptedException e) {
            giveUp(task);
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while " + name + " was asked", e);
        }
    }

    private void awaitTurn(CountDownLatch turn) throws InterruptedException, TimeoutException {
        long since = now();
        while (!turn.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            if (!isAnswering() || threads.isShutdown() || now() - since > MOVING.toNanos()) {
                throw new TimeoutException("All " + THREADS + " threads wait for " + name);
            }
        }
    }

    private <T> T answer(FutureTask<T> task) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if ((starting && now() < STARTING.toNanos()) || store.isMoving()) {
                return task.get(MOVING.toNanos(), TimeUnit.NANOSECONDS);
            }
            throw e;
        }
    }

    private void giveUp(FutureTask<?> task) {
        task.cancel(true);
        threads.remove(task);
    }

    private StoreUnavailable failed(Exception cause) {
        if (threads.isShutdown()) {
            return new StoreUnavailable("quotas are closed", cause); // which is nobody's failure
        }
        long now = now();
        pausedUntil.set(now + PAUSE.toNanos());
        long alarm = nextAlarm.get();
        if (now >= alarm && nextAlarm.compareAndSet(alarm, now + ALARM_EVERY.toNanos())) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Quotas: " + name + " does not answer within " + limit.toMillis()
                            + " ms; requests pass uncounted, and where tokens are limited no answer begins",
                    cause);
        }
        return new StoreUnavailable(name + " does not answer", cause);
    }

    @Override
    public Optional<Refusals> refusals() {
        return Optional.of(refusals);
    }

    @Override
    public boolean isAnswering() {
        return pausedUntil.get() == NEVER;
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
