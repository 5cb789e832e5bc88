package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyApiException;
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

    /** Dify must have noticed that the last reader is gone: it would end the next one's stream together with that one's. */
    static final Duration BEFORE_NEXT = Duration.ofSeconds(2);

    /** Ends of a stream that say nothing about the run. */
    private static final Set<String> LOST =
            Set.of(DifyStreamException.TRUNCATED, DifyStreamException.CLOSED, DifyStreamException.IDLE);

    private final Calls calls;
    private final Workflows workflows;
    private final String user;
    private final Duration beforeNext;
    private final long deadline;
    private final CompletableFuture<Answer> result = new CompletableFuture<>();
    private final AnswerCollector collector = new AnswerCollector();

    private volatile @Nullable DifyStream stream;
    private volatile @Nullable CompletableFuture<?> asking;

    RunFollower(Calls calls, Workflows workflows, String user, Duration beforeNext) {
        this.beforeNext = beforeNext;
        this.calls = calls;
        this.workflows = workflows;
        this.user = user;
        this.deadline = System.nanoTime() + calls.timeouts().total().toNanos();
    }

    CompletableFuture<Answer> follow(DifyStream first) {
        result.whenComplete((answer, failure) -> {
            if (result.isCancelled()) {
                leave();
            }
        });
        read(first);
        return result;
    }

    /** The run is the caller's: who gives it up ends it. */
    private void leave() {
        CompletableFuture<?> step = asking;
        if (step != null) {
            step.cancel(false);
        }
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

    private void read(DifyStream next) {
        stream = next;
        next.subscribe(new Reader(next));
        if (result.isCancelled()) {
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
            collector.accept(event);
        }

        @Override
        public void onComplete() {
            source.outcome().thenAccept(outcome -> result.complete(collector.answer(outcome)));
        }

        @Override
        public void onError(Throwable cause) {
            Optional<String> run = collector.workflowRunId();
            boolean lost = cause instanceof DifyStreamException broken && LOST.contains(broken.code());
            if (cause instanceof DifyUnsupportedException && run.isPresent()) {
                poll(run.get());
            } else if (lost && run.isPresent() && timeLeft().compareTo(beforeNext) > 0) {
                calls.scheduler().schedule(() -> find(run.get()), beforeNext.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                result.completeExceptionally(cause);
            }
        }
    }

    /** Asks first: what has ended needs no stream, and one that the server has forgotten would never end. */
    private void find(String run) {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<RunDetail> asked = workflows.detailAsync(run);
        asking = asked;
        asked.whenComplete((detail, failure) -> {
            if (failure == null && detail.status().isFinal()) {
                end(detail);
            } else if (failure instanceof DifyException refused && !(refused instanceof DifyApiException)) {
                result.completeExceptionally(refused);
            } else if (!result.isDone()) {
                read(workflows.attach(user, run));
            }
        });
    }

    private void poll(String run) {
        CompletableFuture<RunDetail> asked = workflows.awaitAsync(run, timeLeft());
        asking = asked;
        asked.whenComplete((detail, failure) -> {
            if (failure == null) {
                end(detail);
            } else {
                result.completeExceptionally(Calls.unwrapped(failure));
            }
        });
    }

    private void end(RunDetail detail) {
        if (detail.status().equals(WorkflowStatus.FAILED)) {
            result.completeExceptionally(new DifyApiException(
                    0, OutcomeTracker.WORKFLOW_FAILED, detail.error().orElse(""), DifyApiException.Reply.NONE));
            return;
        }
        Outcome outcome = detail.status().equals(WorkflowStatus.STOPPED)
                ? new Outcome.Stopped()
                : detail.status().equals(WorkflowStatus.PAUSED)
                        ? new Outcome.Paused(detail.id(), List.of())
                        : new Outcome.Completed();
        collector.accept(new WorkflowRun(detail.json()));
        result.complete(collector.answer(outcome));
    }

    private Duration timeLeft() {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }
}
