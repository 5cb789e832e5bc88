package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;

/**
 * An event of a node that repeats its inner nodes. It has no {@link NodeEvent} of its own; the {@link
 * NodeExecution#loopId()} of the inner ones is its id, which is that of the node. From Dify 1.0.1 on; Dify Service API,
 * "Run Workflow".
 */
public sealed interface LoopEvent extends DifyEvent {
    /** The loop node. */
    NodeExecution node();

    /**
     * {@code loop_started}.
     *
     * @param workflowRunId of the run
     * @param node without results yet
     * @param length the most passes; 0 where Dify did not say
     */
    record Started(DifyFrame frame, String workflowRunId, NodeExecution node, long length) implements LoopEvent {}

    /**
     * {@code loop_next}: a pass is over and did not break the loop.
     *
     * @param workflowRunId of the run
     * @param node the loop node
     * @param index of the pass that is over, from 1
     * @param previousOutput of that pass; often empty
     */
    record Next(DifyFrame frame, String workflowRunId, NodeExecution node, long index, DifyJson previousOutput)
            implements LoopEvent {}

    /**
     * {@code loop_completed}: it succeeded or failed.
     *
     * @param workflowRunId of the run
     * @param node with its results
     */
    record Completed(DifyFrame frame, String workflowRunId, NodeExecution node) implements LoopEvent {}
}
