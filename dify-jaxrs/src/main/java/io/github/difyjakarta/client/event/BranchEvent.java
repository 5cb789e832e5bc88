package io.github.difyjakarta.client.event;

import java.time.Instant;
import java.util.Optional;

/** An event of a parallel branch. Only up to Dify 1.8.1: newer servers have no such events. */
public sealed interface BranchEvent extends DifyEvent {
    /** Which branch. */
    Branch branch();

    /**
     * Which branch.
     *
     * @param parallelId of all branches that began together
     * @param branchId of this one
     * @param parentParallelId of the branches that these are within
     * @param parentParallelStartNodeId the first node of the branch that these are within
     * @param iterationId the iteration that it is within
     * @param loopId the loop that it is within
     * @param createdAt when
     */
    record Branch(
            String parallelId,
            String branchId,
            Optional<String> parentParallelId,
            Optional<String> parentParallelStartNodeId,
            Optional<String> iterationId,
            Optional<String> loopId,
            Optional<Instant> createdAt) {}

    /**
     * {@code parallel_branch_started}.
     *
     * @param workflowRunId of the run
     * @param branch which one
     */
    record Started(DifyFrame frame, String workflowRunId, Branch branch) implements BranchEvent {}

    /**
     * {@code parallel_branch_finished}.
     *
     * @param workflowRunId of the run
     * @param branch which one
     * @param status how it ended
     * @param error why it failed; free text
     */
    record Finished(DifyFrame frame, String workflowRunId, Branch branch, NodeStatus status, Optional<String> error)
            implements BranchEvent {}
}
