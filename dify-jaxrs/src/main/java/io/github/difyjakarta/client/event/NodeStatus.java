package io.github.difyjakarta.client.event;

/**
 * The state of a node. Dify may add some: compare with the constants, and expect others.
 *
 * @param name as Dify writes it
 */
public record NodeStatus(String name) {
    public static final NodeStatus PENDING = new NodeStatus("pending");
    public static final NodeStatus RUNNING = new NodeStatus("running");
    public static final NodeStatus SUCCEEDED = new NodeStatus("succeeded");
    public static final NodeStatus FAILED = new NodeStatus("failed");

    /** It failed, and the run went on as the node says: with a default value or by another branch. */
    public static final NodeStatus EXCEPTION = new NodeStatus("exception");

    public static final NodeStatus STOPPED = new NodeStatus("stopped");
    public static final NodeStatus PAUSED = new NodeStatus("paused");
    public static final NodeStatus RETRY = new NodeStatus("retry");
}
