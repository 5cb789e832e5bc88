package io.github.difyjakarta.client.call;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * One daemon thread for deadlines and heartbeats. What is cancelled is forgotten at once: in the container's scheduler it would
 * stay in the queue, and with it its stream, until its time would have come. Not for applications.
 */
public final class DaemonTimer extends ScheduledThreadPoolExecutor {
    /** A timer whose thread, started with the first task, is named {@code dify-timer}. */
    public DaemonTimer() {
        super(1, task -> {
            Thread thread = new Thread(task, "dify-timer");
            thread.setDaemon(true);
            return thread;
        });
        setRemoveOnCancelPolicy(true);
    }
}
