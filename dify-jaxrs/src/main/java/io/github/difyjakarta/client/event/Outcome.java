package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;

/** How a stream ended. Every stream has exactly one outcome, and an end without a terminal event is never a success. */
public sealed interface Outcome {
    /** The answer is whole. */
    record Completed() implements Outcome {}

    /**
     * Dify said that it failed.
     *
     * @param status an HTTP status; 0 where Dify named none
     * @param code Dify's, which for failures of models is not reliable; {@code workflow_failed} for a run that ended so
     * @param message Dify's, for people; may hold parts of the prompt
     */
    record Failed(int status, String code, String message) implements Outcome {}

    /** Somebody stopped it: what came is all there will be. */
    record Stopped() implements Outcome {}

    /**
     * A run waits for a human and goes on later.
     *
     * @param workflowRunId to come back to
     * @param reasons what it waits for, as they came
     */
    record Paused(String workflowRunId, List<DifyJson> reasons) implements Outcome {
        /** Copies the list. */
        public Paused {
            reasons = List.copyOf(reasons);
        }

        /** The forms among the reasons. */
        public List<HumanInputForm> forms() {
            return HumanInputForm.among(reasons);
        }
    }

    /**
     * The stream broke off: the answer may be cut.
     *
     * @param code what cut it, such as {@code truncated} or {@code upstream_idle}
     */
    record Truncated(String code) implements Outcome {}
}
