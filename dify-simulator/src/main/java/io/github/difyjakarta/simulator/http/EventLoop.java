package io.github.difyjakarta.simulator.http;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One thread for every socket and every timer of a simulator: whatever runs here needs no locks and must not block.
 *
 * <p>Thread-safe are only {@link #execute} and {@link #close}; the rest is confined to the loop's own thread.
 */
public final class EventLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());
    private static final AtomicLong COUNTER = new AtomicLong();

    /** What is attached to a selection key. */
    interface Ready {
        void ready();
    }

    /** A task that is due at a moment of {@link System#nanoTime}; equal moments keep their order. */
    public static final class Timer implements Comparable<Timer> {
        private final EventLoop loop;
        private final long due;
        private final long sequence;
        private @Nullable Runnable task;

        private Timer(EventLoop loop, long due, long sequence, Runnable task) {
            this.loop = loop;
            this.due = due;
            this.sequence = sequence;
            this.task = task;
        }

        /** Whether it was still pending: false if it has run or was cancelled before. */
        public boolean cancel() {
            boolean pending = take().isPresent();
            if (pending) {
                loop.timerCancelled();
            }
            return pending;
        }

        private Optional<Runnable> take() {
            Optional<Runnable> taken = Optional.ofNullable(task);
            task = null;
            return taken;
        }

        @Override
        public int compareTo(Timer other) {
            long difference = due - other.due;
            return difference != 0 ? Long.signum(difference) : Long.compare(sequence, other.sequence);
        }
    }

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Thread thread;
    private long sequence;
    private int cancelled;
    private volatile boolean closed;

    /** Not running before {@link #start}. */
    public EventLoop() throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, "dify-simulator-" + COUNTER.incrementAndGet());
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Runs the task on the loop's thread, soon; never if the loop is closed. */
    public void execute(Runnable task) {
        if (!closed) {
            tasks.add(task);
            selector.wakeup();
        }
    }

    /** Runs the task after the delay. */
    public Timer schedule(Duration delay, Runnable task) {
        return at(System.nanoTime() + delay.toNanos(), task);
    }

    /** Runs the task at a moment of {@link System#nanoTime}. */
    public Timer at(long due, Runnable task) {
        Timer timer = new Timer(this, due, sequence++, task);
        timers.add(timer);
        return timer;
    }

    int pendingTimers() {
        return timers.size();
    }

    SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws ClosedChannelException {
        return channel.register(selector, operations, ready);
    }

    /** Ends the thread and waits for it; tasks handed in before still run, timers do not. Once is enough. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        selector.wakeup();
        if (thread.getState() == Thread.State.NEW) {
            run();
        }
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
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

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(key -> guarded(((Ready) key.attachment())::ready), nextWaitMillis());
                runTasks();
                runTimers();
            }
            runTasks();
            // Cancelled keys keep their sockets half open until the selector has looked at them once more.
            selector.selectNow();
        } catch (IOException | ClosedSelectorException e) {
            LOG.log(System.Logger.Level.ERROR, "The simulator's event loop ended", e);
        }
    }

    /** 0 would mean "for ever", so what is due now waits the shortest time, cut short by {@link Selector#wakeup}. */
    private long nextWaitMillis() {
        if (!tasks.isEmpty()) {
            selector.wakeup();
        }
        Timer first = timers.peek();
        if (first == null) {
            return 0;
        }
        long nanos = first.due - System.nanoTime();
        if (nanos <= 0) {
            selector.wakeup();
            return 1;
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private void runTasks() {
        // Not "until empty": a task that hands in the next one must let the sockets have their turn.
        for (int i = tasks.size(); i > 0; i--) {
            Runnable task = tasks.poll();
            if (task != null) {
                guarded(task);
            }
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        for (Timer first = timers.peek(); first != null && first.due - now <= 0; first = timers.peek()) {
            timers.remove();
            first.take().ifPresentOrElse(EventLoop::guarded, () -> cancelled--);
        }
    }

    /** Cancelled timers wait for their time too; when they are most of all, they are thrown out. */
    private void timerCancelled() {
        cancelled++;
        if (cancelled > 1_000 && cancelled > timers.size() / 2) {
            timers.removeIf(timer -> timer.task == null);
            cancelled = 0;
        }
    }

    /** One broken stream must not end all the others. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A task of the simulator failed", e);
        }
    }
}
