package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.OutcomeTracker;
import io.github.difyjakarta.client.json.DifyJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A run as the blocking mode of {@code POST /workflows/run} would give it. */
final class WorkflowDocument {
    /** What Dify tells of a run then, in its order; a run that waits for a human has the last ones as well. */
    private static final List<String> FIELDS = List.of(
            "id",
            "workflow_id",
            "status",
            "outputs",
            "error",
            "elapsed_time",
            "total_tokens",
            "total_steps",
            "created_at",
            "finished_at",
            "paused_nodes",
            "reasons");

    private WorkflowDocument() {}

    /** Waits for the end of a run, without a thread. One that failed is an answer too: it says so itself. */
    static CompletableFuture<Answer> collect(DifyStream run) {
        AnswerCollector collector = new AnswerCollector();
        CompletableFuture<Answer> collected = run.collectAsync(collector);
        CompletableFuture<Answer> told = collected.exceptionallyCompose(failure -> failed(collector, failure));
        told.whenComplete((answer, failure) -> {
            if (told.isCancelled()) {
                collected.cancel(false);
            }
        });
        return told;
    }

    private static CompletableFuture<Answer> failed(AnswerCollector collector, Throwable failure) {
        if (failure instanceof DifyApiException api && api.code().equals(OutcomeTracker.WORKFLOW_FAILED)) {
            return CompletableFuture.completedFuture(
                    collector.answer(new Outcome.Failed(api.status(), api.code(), api.difyMessage())));
        }
        return CompletableFuture.failedFuture(failure);
    }

    static byte[] of(Answer answer) {
        Map<String, @Nullable Object> run =
                answer.run().map(known -> known.json().toMap()).orElseGet(Map::of);
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        for (String field : FIELDS) {
            if (run.containsKey(field)) {
                data.put(field, run.get(field));
            }
        }
        if (answer.outcome() instanceof Outcome.Paused) {
            data.put("status", "paused");
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("task_id", answer.taskId().orElse(""));
        document.put("workflow_run_id", answer.workflowRunId().orElse(""));
        document.put("data", data);
        return DifyJson.write(document);
    }
}
