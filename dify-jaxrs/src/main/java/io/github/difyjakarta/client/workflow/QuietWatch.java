package io.github.difyjakarta.client.workflow;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a run whenever the stream that joined it has been quiet for long: it may have been ended together with another reader's,
 * and then only pings. For one stream; thread-safe.
 */
final class QuietWatch {
    private final ScheduledExecutorService scheduler;
    private final Duration quiet;
    private final Supplier<CompletableFuture<RunDetail>> ask;
    private final Consumer<RunDetail> onEnd;

    private volatile long movedAt = System.nanoTime();
    private volatile @Nullable Future<?> next;
    private volatile boolean cancelled;

    /**
     * @param quiet without an event, after which it asks
     * @param ask for the run as Dify has it stored
     * @param onEnd told of a run that has ended, unless this was cancelled before
     */
    QuietWatch(
            ScheduledExecutorService scheduler,
            Duration quiet,
            Supplier<CompletableFuture<RunDetail>> ask,
            Consumer<RunDetail> onEnd) {
        this.scheduler = scheduler;
        this.quiet = quiet;
        this.ask = ask;
        this.onEnd = onEnd;
    }

    void start() {
        later(quiet);
    }

    /** An event came. */
    void moved() {
        movedAt = System.nanoTime();
    }

    /** The stream has ended, or the run. */
    void cancel() {
        cancelled = true;
        Future<?> planned = next;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    private void later(Duration after) {
        if (cancelled) {
            return;
        }
        Future<?> planned = scheduler.schedule(this::look, after.toMillis(), TimeUnit.MILLISECONDS);
        next = planned;
        if (cancelled) {
            planned.cancel(false);
        }
    }

    private void look() {
        if (cancelled) {
            return;
        }
        Duration left = quiet.minusNanos(System.nanoTime() - movedAt);
        if (!left.isNegative() && !left.isZero()) {
            later(left);
            return;
        }
        ask.get().whenComplete((detail, failure) -> {
            if (cancelled || detail == null || !detail.status().isFinal()) {
                later(quiet);
            } else {
                onEnd.accept(detail);
            }
        });
    }
}
