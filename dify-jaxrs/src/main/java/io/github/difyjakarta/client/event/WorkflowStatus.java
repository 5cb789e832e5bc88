package io.github.difyjakarta.client.event;

/**
 * The state of a run. Dify may add some: compare with the constants, and expect others.
 *
 * @param name as Dify writes it
 */
public record WorkflowStatus(String name) {
    public static final WorkflowStatus SCHEDULED = new WorkflowStatus("scheduled");
    public static final WorkflowStatus RUNNING = new WorkflowStatus("running");
    public static final WorkflowStatus SUCCEEDED = new WorkflowStatus("succeeded");

    /** It came to its end, but a node failed on the way. */
    public static final WorkflowStatus PARTIAL_SUCCEEDED = new WorkflowStatus("partial-succeeded");

    public static final WorkflowStatus FAILED = new WorkflowStatus("failed");
    public static final WorkflowStatus STOPPED = new WorkflowStatus("stopped");
    public static final WorkflowStatus PAUSED = new WorkflowStatus("paused");

    /** Whether the run has ended; one that is paused has not, nor has one in a state that we do not know. */
    public boolean isFinal() {
        return equals(SUCCEEDED) || equals(PARTIAL_SUCCEEDED) || equals(FAILED) || equals(STOPPED);
    }
}
