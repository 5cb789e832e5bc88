package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.app.EndUser;
import io.github.difyjakarta.client.event.WorkflowStatus;
import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/**
 * A run in the list of runs: {@code GET /workflows/logs}. Dify has no list of what its nodes did.
 *
 * @param json all of it, as it came
 */
public record RunLog(DifyJson json) {
    /** The entry; not the run. */
    public String id() {
        return json.text("id");
    }

    /** The run. */
    public String runId() {
        return run().text("id");
    }

    /** Its version, by name or number. */
    public String version() {
        return run().text("version");
    }

    /** How it ended. */
    public WorkflowStatus status() {
        return new WorkflowStatus(run().text("status"));
    }

    /** Why it failed or was stopped; free text. */
    public Optional<String> error() {
        return run().optionalText("error");
    }

    /** Seconds from start to end. */
    public double elapsedSeconds() {
        return run().real("elapsed_time");
    }

    /** Tokens of all models. */
    public long totalTokens() {
        return run().number("total_tokens");
    }

    /** Nodes that were run. */
    public long totalSteps() {
        return run().number("total_steps");
    }

    /** Nodes that failed without ending the run. */
    public long exceptionsCount() {
        return run().number("exceptions_count");
    }

    /** What began it, such as {@code app-run}. */
    public String triggeredFrom() {
        return run().text("triggered_from");
    }

    /** When it began, in whole seconds. */
    public Optional<Instant> startedAt() {
        return run().time("created_at");
    }

    /** When it ended. */
    public Optional<Instant> finishedAt() {
        return run().time("finished_at");
    }

    /** By what way it was begun, such as {@code service-api}. */
    public String createdFrom() {
        return json.text("created_from");
    }

    /** {@code end_user} or {@code account}. */
    public String createdByRole() {
        return json.text("created_by_role");
    }

    /** The {@code user} of the request; absent for members of the workspace. */
    public Optional<String> user() {
        return endUser().map(EndUser::sessionId);
    }

    /** The same as Dify knows them, in part: without times and apps. */
    public Optional<EndUser> endUser() {
        return json.optionalObject("created_by_end_user").map(EndUser::new);
    }

    /** The member of the workspace who began it; absent for users of the API. */
    public Optional<Account> account() {
        return json.optionalObject("created_by_account").map(Account::new);
    }

    /** What Dify adds about the run; mostly empty. */
    public DifyJson details() {
        return json.object("details");
    }

    /** When the entry was written, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    private DifyJson run() {
        return json.object("workflow_run");
    }

    /**
     * A member of the workspace.
     *
     * @param json all of it, as it came
     */
    public record Account(DifyJson json) {
        /** At Dify. */
        public String id() {
            return json.text("id");
        }

        /** For people. */
        public String name() {
            return json.text("name");
        }

        /** The address. */
        public String email() {
            return json.text("email");
        }
    }
}
