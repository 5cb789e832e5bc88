package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.event.WorkflowStatus;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.MalformedJsonException;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as Dify has stored it: {@code GET /workflows/run/{workflow_run_id}}.
 *
 * @param json all of it, as it came
 */
public record RunDetail(DifyJson json) {
    /** The run. */
    public String id() {
        return json.text("id");
    }

    /** The workflow's version. */
    public String workflowId() {
        return json.text("workflow_id");
    }

    /** Its state now. */
    public WorkflowStatus status() {
        return new WorkflowStatus(json.text("status"));
    }

    /** What it was begun with. Dify sends it as JSON in a text; one that cannot be read is empty here. */
    public DifyJson inputs() {
        try {
            return json.optionalObject("inputs").orElseGet(() -> DifyJson.parse(json.text("inputs")));
        } catch (MalformedJsonException e) {
            return DifyJson.EMPTY; // the text itself is in the JSON
        }
    }

    /** What it produced; empty while it runs or is paused. */
    public DifyJson outputs() {
        return json.object("outputs");
    }

    /** Why it failed or was stopped; free text that no program should match on. */
    public Optional<String> error() {
        return json.optionalText("error");
    }

    /** Nodes that were run, at least 0. */
    public long totalSteps() {
        return json.number("total_steps");
    }

    /** Tokens of all models, at least 0. */
    public long totalTokens() {
        return json.number("total_tokens");
    }

    /** When it began, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** When it ended; absent before. */
    public Optional<Instant> finishedAt() {
        return json.time("finished_at");
    }

    /** Seconds from start to end; 0 before. */
    public double elapsedSeconds() {
        return json.real("elapsed_time");
    }
}
