package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An event of a whole run of a workflow or chatflow, or a piece of its text. Dify Service API, "Run Workflow". */
public sealed interface WorkflowEvent extends DifyEvent {
    /**
     * {@code workflow_started}: a run began, or goes on after a pause.
     *
     * @param workflowRunId of the run
     * @param id of the run, too
     * @param workflowId of the workflow's version
     * @param inputs what it was given; {@code sys.} before the names of Dify's own
     * @param startedAt when
     * @param reason {@code initial} or {@code resumption}; empty before Dify 1.13
     * @param sequenceNumber of the run within its app; only up to Dify 1.4.1
     */
    record Started(
            DifyFrame frame,
            String workflowRunId,
            String id,
            String workflowId,
            DifyJson inputs,
            Optional<Instant> startedAt,
            String reason,
            OptionalLong sequenceNumber)
            implements WorkflowEvent {
        /** Whether the run goes on after a pause. */
        public boolean isResumption() {
            return reason.equals("resumption");
        }
    }

    /**
     * {@code workflow_finished}: a run ended.
     *
     * @param workflowRunId of the run
     * @param run how it ended and what it produced
     * @param synthetic made up by Dify's worker because the run left no end of its own; after a {@code message_end} it means
     *     nothing
     */
    record Finished(DifyFrame frame, String workflowRunId, WorkflowRun run, boolean synthetic)
            implements WorkflowEvent {}

    /**
     * {@code workflow_paused}: a run waits for a human; the stream ends here.
     *
     * @param workflowRunId of the run
     * @param pausedNodes ids of the nodes that wait
     * @param reasons what it waits for, as it came
     * @param run how far it came
     */
    record Paused(
            DifyFrame frame, String workflowRunId, List<String> pausedNodes, List<DifyJson> reasons, WorkflowRun run)
            implements WorkflowEvent {
        /** The forms that it waits for. */
        public List<HumanInputForm> forms() {
            return HumanInputForm.among(reasons);
        }
    }

    /**
     * {@code text_chunk}: a piece of a workflow's text, which is that of all outputs of its end node in their order.
     *
     * @param text the piece; may be empty
     */
    record TextChunk(DifyFrame frame, String text) implements WorkflowEvent {
        /** The variable that is the source: node id, then names. Parsed anew at each call. */
        public List<String> fromVariableSelector() {
            return fields().object("data").texts("from_variable_selector");
        }
    }

    /**
     * {@code text_replace}: the whole text so far is to be replaced. Declared by Dify, never seen from it.
     *
     * @param text all of the text from now on
     */
    record TextReplace(DifyFrame frame, String text) implements WorkflowEvent {}

    /**
     * {@code reasoning_chunk}: a piece of what a model thinks, where its node keeps that apart. From Dify 1.15 on.
     *
     * @param reasoning the piece; may be empty
     * @param nodeId whose
     * @param ofMessage the message; absent for workflow apps
     * @param last whether it is the last one of its node
     */
    record ReasoningChunk(DifyFrame frame, String reasoning, String nodeId, Optional<String> ofMessage, boolean last)
            implements WorkflowEvent {}
}
