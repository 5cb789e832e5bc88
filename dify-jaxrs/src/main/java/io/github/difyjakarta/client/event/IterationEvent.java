package io.github.difyjakarta.client.event;

/**
 * An event of a node that runs its inner nodes once for each element of a list. It has no {@link NodeEvent} of its own; the
 * {@link NodeExecution#iterationId()} of the inner ones is its id, which is that of the node. Dify Service API, "Run
 * Workflow".
 */
public sealed interface IterationEvent extends DifyEvent {
    /** The iteration node. */
    NodeExecution node();

    /**
     * {@code iteration_started}.
     *
     * @param workflowRunId of the run
     * @param node without results yet
     * @param length elements of the list; 0 where Dify did not say
     */
    record Started(DifyFrame frame, String workflowRunId, NodeExecution node, long length) implements IterationEvent {}

    /**
     * {@code iteration_next}: the next element. Where elements are worked on in parallel, all of these come first.
     *
     * @param workflowRunId of the run
     * @param node the iteration node
     * @param index of the element, from 0
     */
    record Next(DifyFrame frame, String workflowRunId, NodeExecution node, long index) implements IterationEvent {}

    /**
     * {@code iteration_completed}: it succeeded or failed.
     *
     * @param workflowRunId of the run
     * @param node with its results
     */
    record Completed(DifyFrame frame, String workflowRunId, NodeExecution node) implements IterationEvent {}
}
