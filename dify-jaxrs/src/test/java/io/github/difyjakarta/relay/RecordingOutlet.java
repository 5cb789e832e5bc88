package io.github.difyjakarta.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.event.DifyFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A browser that a test plays: it says how much room it has, when it leaves, and what it got. */
final class RecordingOutlet implements Outlet {
    private final AtomicInteger flushes = new AtomicInteger();
    private final LinkedBlockingQueue<String> happened = new LinkedBlockingQueue<>();
    private final List<RelayError> errors = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Runnable> drained = new AtomicReference<>();
    private final CompletableFuture<Runnable> closed = new CompletableFuture<>();
    private volatile long pending;
    private volatile Duration stalled = Duration.ZERO;

    @Override
    public void event(DifyFrame frame) {
        happened.add("event " + new String(frame.jsonBytes(), UTF_8));
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
    }

    @Override
    public void keepAlive() {
        happened.add("keep-alive");
    }

    @Override
    public void error(RelayError error) {
        errors.add(error);
        happened.add("error " + error.status() + " " + error.code());
    }

    @Override
    public void end() {
        happened.add("end");
    }

    @Override
    public void abort() {
        happened.add("abort");
    }

    @Override
    public long pendingBytes() {
        return pending;
    }

    @Override
    public Duration stalledFor() {
        return stalled;
    }

    @Override
    public void onDrained(Runnable callback) {
        drained.set(callback);
    }

    @Override
    public void onClosed(Runnable callback) {
        closed.complete(callback);
    }

    /** What happened next, within ten seconds. */
    String next() throws InterruptedException {
        String next = happened.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing happened");
        }
        return next;
    }

    /** The same, without what is only said into a silence. */
    String nextWord() throws InterruptedException {
        String next = next();
        while (next.equals("keep-alive")) {
            next = next();
        }
        return next;
    }

    /** What has happened and was not asked for yet. */
    List<String> soFar() {
        return List.copyOf(happened);
    }

    void awaitFlush(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (flushes.get() == 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("nothing was sent");
            }
            Thread.onSpinWait();
        }
    }

    /** How often something was sent. */
    int flushes() {
        return flushes.get();
    }

    List<RelayError> errors() {
        return errors;
    }

    void fill(long bytes) {
        pending = bytes;
    }

    void drain() {
        pending = 0;
        Runnable callback = drained.getAndSet(null);
        if (callback != null) {
            callback.run();
        }
    }

    boolean waitsForRoom() {
        return drained.get() != null;
    }

    void stall(Duration time) {
        stalled = time;
    }

    void leave() {
        closed.join().run();
    }
}
