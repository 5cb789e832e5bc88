package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run of a workflow or chatflow and what came of it: {@code data} of {@code workflow_finished} and {@code workflow_paused}
 * and of what the blocking mode answers. Dify Service API, "Run Workflow".
 *
 * @param json all of it, as it came
 */
public record WorkflowRun(DifyJson json) {
    /** The run. Where a chatflow paused, {@code id} is that of the message. */
    public String id() {
        return json.optionalText("workflow_run_id").orElseGet(() -> json.text("id"));
    }

    /** The workflow's version; empty in {@code workflow_paused}. */
    public String workflowId() {
        return json.text("workflow_id");
    }

    /** Its state. */
    public WorkflowStatus status() {
        return new WorkflowStatus(json.text("status"));
    }

    /** What it produced; empty while it is paused, and where it failed. The authority, whatever text was streamed. */
    public DifyJson outputs() {
        return json.object("outputs");
    }

    /** Why it failed or was stopped; free text that no program should match on. */
    public Optional<String> error() {
        return json.optionalText("error");
    }

    /** Seconds from start to end, without waiting for humans. */
    public double elapsedSeconds() {
        return json.real("elapsed_time");
    }

    /** Tokens of all models, at least 0. */
    public long totalTokens() {
        return json.number("total_tokens");
    }

    /** Nodes that were run, at least 0. */
    public long totalSteps() {
        return json.number("total_steps");
    }

    /** Dify's id of who started it; empty where Dify did not say. */
    public String creatorId() {
        return json.object("created_by").text("id");
    }

    /** The {@code user} who started it; empty where Dify did not say. */
    public String creator() {
        return json.object("created_by").text("user");
    }

    /** When it began. */
    public Optional<Instant> startedAt() {
        return json.time("created_at");
    }

    /** When it ended; absent while it is paused. */
    public Optional<Instant> finishedAt() {
        return json.time("finished_at");
    }

    /** Nodes that failed without ending the run, at least 0; 1 in an end that Dify made up. */
    public long exceptionsCount() {
        return json.number("exceptions_count");
    }

    /** The files among the outputs. */
    public List<DifyFile> files() {
        return DifyFile.all(json, "files");
    }
}
