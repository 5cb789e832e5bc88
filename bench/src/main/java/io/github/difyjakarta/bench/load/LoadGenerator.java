package io.github.difyjakarta.bench.load;

import io.github.difyjakarta.bench.upstream.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A load under way, on a thread of its own. The two futures complete there and may be waited for anywhere; {@link #close}
 * ends what is still open.
 */
public final class LoadGenerator implements AutoCloseable {

    private static final int READ_BYTES = 256 * 1024;
    private static final long LONGEST_WAIT_MILLIS = 100;

    private final Target target;
    private final Load load;
    private final Selector selector;
    private final Thread thread = new Thread(this::run, "load");
    private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
    private final CompletableFuture<Void> allBegun = new CompletableFuture<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];
    private final List<Client> clients = new ArrayList<>();
    private final ArrayDeque<Client> idle = new ArrayDeque<>();
    private final Tally tally;
    private final long started = System.nanoTime();
    private final boolean[] begun;
    private int asked;
    private int beginnings;
    private int ended;
    private volatile boolean closed;

    private LoadGenerator(Target target, Load load) throws IOException {
        this.target = target;
        this.load = load;
        this.selector = Selector.open();
        this.tally = new Tally(started, load.settle());
        this.begun = new boolean[load.streams()];
    }

    /** Begins at once. */
    public static LoadGenerator start(Target target, Load load) {
        try {
            LoadGenerator generator = new LoadGenerator(target, load);
            generator.thread.start();
            return generator;
        } catch (IOException e) {
            throw new UncheckedIOException("No selector for the load", e);
        }
    }

    /** Runs a load to its end. */
    public static LoadResult run(Target target, Load load) {
        try (LoadGenerator generator = start(target, load)) {
            return generator.result().join();
        }
    }

    /** {@return completed when every stream but the stuck ones has ended or the deadline has passed} */
    public CompletableFuture<LoadResult> result() {
        return result.copy();
    }

    /** {@return completed when every stream has sent its first bytes, or none is left to wait for} */
    public CompletableFuture<Void> allBegun() {
        return allBegun.copy();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return target.port();
    }

    private void run() {
        try (selector) {
            long deadline = started + load.deadline().toNanos();
            while (!closed) {
                askMore();
                selector.select(this::ready, waitMillis());
                if (!result.isDone() && System.nanoTime() - deadline > 0) {
                    finish();
                }
            }
        } catch (IOException | RuntimeException broken) {
            result.completeExceptionally(broken);
        } finally {
            clients.forEach(Client::close);
            result.completeExceptionally(new IllegalStateException("The load was ended early"));
            allBegun.complete(null);
        }
    }

    private void ready(SelectionKey key) {
        ((Client) key.attachment()).ready(key, buffer, bytes);
    }

    private void askMore() throws IOException {
        while (mayAsk() && nextBeginning() <= System.nanoTime()) {
            Client client = idle.poll();
            if (client == null) {
                client = new Client(this, selector);
                clients.add(client);
            }
            int stream = asked++;
            ask(client, stream);
        }
    }

    private boolean mayAsk() {
        return !result.isDone() && asked < load.streams() && (clients.size() < load.atOnce() || !idle.isEmpty());
    }

    private long nextBeginning() {
        return started + TimeUnit.SECONDS.toNanos(1) * asked / load.perSecond();
    }

    /** The selector counts in milliseconds; a beginning up to one too late does no harm, one too early would be a burst. */
    private long waitMillis() {
        if (!mayAsk()) {
            return LONGEST_WAIT_MILLIS;
        }
        long nanos = nextBeginning() - System.nanoTime();
        return Math.min(LONGEST_WAIT_MILLIS, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1));
    }

    private void ask(Client client, int stream) throws IOException {
        Query query = load.queryOf(stream);
        try {
            client.ask(stream, target.request(query), query.events(), load.isStuck(stream));
        } catch (IOException refused) {
            client.close();
            over(client, Optional.of(Failure.REFUSED));
        }
    }

    void again(Client client) {
        try {
            ask(client, client.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void event(Client client, long stamp, long now) {
        if (load.isStuck(client.stream())) {
            return;
        }
        tally.event(stamp, now);
        if (load.leaveAfter() > 0 && client.events() == load.leaveAfter()) {
            client.close();
            tally.left(client.stream(), System.nanoTime());
            ended();
        }
    }

    /** Some bytes of the stream were read. */
    void read(Client client) {
        if (!begun[client.stream()]) {
            begun[client.stream()] = true;
            begun();
        }
        if (load.isStuck(client.stream())) {
            client.stopReading();
        }
    }

    void over(Client client, Optional<Failure> failure) {
        if (load.isStuck(client.stream())) {
            return;
        }
        failure.ifPresentOrElse(tally::failed, tally::completed);
        idle.add(client);
        ended();
    }

    private void begun() {
        beginnings++;
        if (beginnings == load.streams()) {
            allBegun.complete(null);
        }
    }

    private void ended() {
        ended++;
        if (ended == load.awaited() && !result.isDone()) {
            finish();
        }
    }

    private void finish() {
        for (int i = ended; i < load.awaited(); i++) {
            tally.failed(Failure.LATE);
        }
        result.complete(tally.result(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()));
        allBegun.complete(null);
    }
}
