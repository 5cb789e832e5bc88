package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.OutcomeTracker;
import io.github.difyjakarta.client.event.WorkflowRun;
import io.github.difyjakarta.client.event.WorkflowStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows one run to its end, over as many connections as that takes. The run is begun once, by whoever made its first stream:
 * here it is only looked for.
 *
 * <p>Thread-safe: streams and timers enter one after the other.
 */
final class RunFollower {
    private static final System.Logger LOGGER = System.getLogger(RunFollower.class.getName());

    /** Ways in which a connection ends that say nothing about the run. */
    private static final Set<String> LOST = Set.of(
            DifyStreamException.TRUNCATED,
            DifyStreamException.CLOSED,
            DifyStreamException.IDLE,
            DifyConnectionException.UNREACHABLE,
            DifyConnectionException.TIMEOUT,
            DifyConnectionException.BUSY,
            DifyConnectionException.UNAVAILABLE);

    private final Calls calls;
    private final Workflows workflows;
    private final String user;
    private final Pace pace;
    private final long deadline;
    private final CompletableFuture<Answer> result = new CompletableFuture<>();
    /** Guarded by itself. */
    private final AnswerCollector collector = new AnswerCollector();

    private volatile @Nullable DifyStream stream;
    private volatile @Nullable Future<?> step;
    private volatile @Nullable QuietWatch watch;
    private volatile Duration pause;
    /** The run's end is known, or cannot be; nobody has to end it any more. */
    private volatile boolean over;

    RunFollower(Calls calls, Workflows workflows, String user, Pace pace) {
        this.calls = calls;
        this.workflows = workflows;
        this.user = user;
        this.pace = pace;
        this.pause = pace.first();
        this.deadline = System.nanoTime() + calls.timeouts().total().toNanos();
    }

    CompletableFuture<Answer> follow(DifyStream first) {
        result.whenComplete((answer, failure) -> {
            boolean givenUp = !over; // a step that is cancelled takes that for the end
            cancelStep();
            cancelWatch();
            if (givenUp) {
                leave();
            }
        });
        read(first);
        return result;
    }

    private void cancelStep() {
        Future<?> current = step;
        if (current != null) {
            current.cancel(false);
        }
    }

    private void cancelWatch() {
        QuietWatch current = watch;
        if (current != null) {
            current.cancel();
        }
    }

    /** The run is the caller's: who gives it up ends it. */
    private void leave() {
        DifyStream current = stream;
        if (current != null) {
            Optional<String> task = current.taskId();
            if (task.isPresent()) {
                stop(task.get());
                current.close();
            } else {
                current.stop(); // as soon as its first event names the task; until then it must be read on
            }
        }
    }

    private void stop(String task) {
        workflows.stopAsync(user, task).exceptionally(failure -> {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Dify did not take the stop of a run that nobody waits for any more; it may run to its end",
                    failure);
            return null;
        });
    }

    // ---- its streams

    private void read(DifyStream next) {
        stream = next;
        next.subscribe(new Reader(next));
        if (result.isDone() && !over) {
            leave(); // it was given up while this one was begun
        }
    }

    private final class Reader implements Flow.Subscriber<DifyEvent> {
        private final DifyStream source;

        Reader(DifyStream source) {
            this.source = source;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(DifyEvent event) {
            QuietWatch watching = watch;
            if (watching != null) {
                watching.moved();
            }
            pause = pace.first();
            synchronized (collector) {
                collector.accept(event);
            }
        }

        @Override
        public void onComplete() {
            source.outcome().thenAccept(outcome -> succeed(outcome));
        }

        @Override
        public void onError(Throwable cause) {
            cancelWatch();
            Optional<String> run = runId();
            if (result.isDone() || run.isEmpty()) {
                fail(cause);
            } else if (cause instanceof DifyUnsupportedException) {
                poll(run.get());
            } else {
                again(run.get(), cause);
            }
        }
    }

    private Optional<String> runId() {
        synchronized (collector) {
            return collector.workflowRunId();
        }
    }

    // ---- looking for it

    private void again(String run, Throwable cause) {
        Duration wait = pause;
        pause = pace.after(wait);
        if (isLost(cause) && timeLeft().compareTo(wait) > 0) {
            remember(calls.scheduler().schedule(() -> find(run), wait.toMillis(), TimeUnit.MILLISECONDS));
        } else {
            fail(cause);
        }
    }

    private static boolean isLost(Throwable cause) {
        if (cause instanceof DifyApiException refusal) {
            return refusal.status() >= 500;
        }
        return cause instanceof DifyException missed && LOST.contains(missed.code());
    }

    /** Asks first: what has ended needs no stream, and one that the server has forgotten would never end. */
    private void find(String run) {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<RunDetail> asked = workflows.detailAsync(run);
        remember(asked);
        asked.whenComplete((detail, failure) -> {
            Throwable cause = failure == null ? null : Calls.unwrapped(failure);
            if (detail != null && detail.status().isFinal()) {
                end(detail);
            } else if (cause != null && !(cause instanceof DifyApiException refusal && !isLost(refusal))) {
                again(run, cause);
            } else if (!result.isDone()) {
                join(run);
            }
        });
    }

    private void join(String run) {
        DifyStream joined = new Workflows(calls.within(timeLeft())).attach(user, run);
        QuietWatch watching =
                new QuietWatch(calls.scheduler(), pace.quiet(), () -> workflows.detailAsync(run), detail -> {
                    end(detail);
                    joined.close();
                });
        watch = watching;
        read(joined);
        watching.start();
        if (result.isDone()) {
            watching.cancel();
        }
    }

    private void poll(String run) {
        CompletableFuture<RunDetail> asked = workflows.awaitAsync(run, timeLeft());
        remember(asked);
        asked.whenComplete((detail, failure) -> {
            if (failure == null) {
                end(detail);
            } else {
                fail(Calls.unwrapped(failure));
            }
        });
    }

    private void remember(Future<?> next) {
        step = next;
        if (result.isDone()) {
            next.cancel(false);
        }
    }

    private Duration timeLeft() {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    // ---- its end

    private void end(RunDetail detail) {
        if (detail.status().equals(WorkflowStatus.FAILED)) {
            fail(new DifyApiException(
                    0,
                    OutcomeTracker.WORKFLOW_FAILED,
                    detail.error().orElse(""),
                    new DifyApiException.Reply(
                            Optional.empty(),
                            Optional.empty(),
                            calls.session().serverVersion(),
                            Optional.empty(),
                            detail.json().json())));
            return;
        }
        synchronized (collector) {
            collector.accept(new WorkflowRun(detail.json()));
        }
        succeed(
                detail.status().equals(WorkflowStatus.STOPPED)
                        ? new Outcome.Stopped()
                        : detail.status().equals(WorkflowStatus.PAUSED)
                                ? new Outcome.Paused(detail.id(), List.of())
                                : new Outcome.Completed());
    }

    private void succeed(Outcome outcome) {
        Answer answer;
        synchronized (collector) {
            answer = collector.answer(outcome);
        }
        over = true;
        result.complete(answer);
    }

    private void fail(Throwable cause) {
        over = true;
        result.completeExceptionally(cause);
    }
}
