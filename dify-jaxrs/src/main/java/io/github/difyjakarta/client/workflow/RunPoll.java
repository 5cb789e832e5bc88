package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.event.WorkflowStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a run until it has ended, less and less often. Right after its beginning a run may be unknown, since its worker has
 * not written it down yet. Thread-safe.
 */
final class RunPoll {
    static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration UNKNOWN_AT_FIRST = Duration.ofSeconds(5);

    private final Calls calls;
    private final Supplier<CompletableFuture<RunDetail>> detail;
    private final long startedAt = System.nanoTime();
    private final Duration deadline;
    private final CompletableFuture<RunDetail> result = new CompletableFuture<>();

    // Guarded by this:
    private Duration pause;
    private @Nullable Future<?> underWay;

    RunPoll(Calls calls, Supplier<CompletableFuture<RunDetail>> detail, Duration deadline, Duration first) {
        this.calls = calls;
        this.detail = detail;
        this.deadline = deadline;
        this.pause = first;
    }

    CompletableFuture<RunDetail> start() {
        result.whenComplete((run, failure) -> {
            Future<?> last;
            synchronized (this) {
                last = underWay;
            }
            if (last != null) {
                last.cancel(false);
            }
        });
        ask();
        return result;
    }

    private void ask() {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<RunDetail> asked = detail.get();
        remember(asked);
        asked.whenComplete((run, failure) -> {
            if (failure != null && !mayAppear(Calls.unwrapped(failure))) {
                result.completeExceptionally(Calls.unwrapped(failure));
            } else if (failure == null
                    && (run.status().isFinal() || run.status().equals(WorkflowStatus.PAUSED))) {
                result.complete(run);
            } else {
                later();
            }
        });
    }

    private boolean mayAppear(Throwable failure) {
        return failure instanceof DifyApiException refusal
                && refusal.status() == 404
                && since(startedAt).compareTo(UNKNOWN_AT_FIRST) < 0;
    }

    private void later() {
        Duration wait;
        synchronized (this) {
            wait = pause;
            pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        }
        if (since(startedAt).plus(wait).compareTo(deadline) > 0) {
            result.completeExceptionally(new DifyConnectionException(
                    DifyConnectionException.TIMEOUT, "the run did not end within " + deadline, true));
            return;
        }
        remember(calls.scheduler().schedule(this::ask, wait.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void remember(Future<?> step) {
        synchronized (this) {
            underWay = step;
        }
        if (result.isDone()) {
            step.cancel(false);
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
