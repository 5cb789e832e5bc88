package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.Optional;

/**
 * An event of one node of a run. Nodes of parallel branches come interleaved: {@link NodeExecution#id()} tells which belong
 * together. Dify Service API, "Run Workflow".
 */
public sealed interface NodeEvent extends DifyEvent {
    /**
     * {@code node_started}.
     *
     * @param workflowRunId of the run
     * @param node without results yet
     */
    record Started(DifyFrame frame, String workflowRunId, NodeExecution node) implements NodeEvent {}

    /**
     * {@code node_finished}: it succeeded, failed, or waits for a human.
     *
     * @param workflowRunId of the run
     * @param node with its results
     */
    record Finished(DifyFrame frame, String workflowRunId, NodeExecution node) implements NodeEvent {}

    /**
     * {@code node_retry}: it failed and is tried again.
     *
     * @param workflowRunId of the run
     * @param node with what the attempt that failed left
     * @param retryIndex from 1
     */
    record Retried(DifyFrame frame, String workflowRunId, NodeExecution node, long retryIndex) implements NodeEvent {}

    /**
     * {@code agent_log}: a step within an agent or tool node; sent again with the same id as it goes on.
     *
     * @param workflowRunId of the run
     * @param id of the step
     * @param parentId of the step that this is part of
     * @param nodeId of the node
     * @param nodeExecutionId the same as {@code nodeId} on the servers seen
     * @param label for people
     * @param status {@code start}, {@code success}, {@code error}, or a newer one
     * @param error why it failed; free text
     * @param data of any form
     * @param metadata of any form
     */
    record AgentLog(
            DifyFrame frame,
            String workflowRunId,
            String id,
            Optional<String> parentId,
            String nodeId,
            String nodeExecutionId,
            String label,
            String status,
            Optional<String> error,
            DifyJson data,
            DifyJson metadata)
            implements NodeEvent {}
}
