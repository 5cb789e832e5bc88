package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** What Dify puts into a stream without a run: two frames that look like one, without a conversation. Pure. */
final class SyntheticFailure {

    private SyntheticFailure() {}

    static List<ObjectNode> frames(String taskId, String runId, ObjectNode inputs, String error, Instant now) {
        long second = now.getEpochSecond();
        ObjectNode started = frame("workflow_started", taskId, runId);
        data(started).set("inputs", inputs);
        data(started).put("created_at", second).put("reason", "initial");
        ObjectNode finished = frame("workflow_finished", taskId, runId);
        data(finished)
                .put("status", "failed")
                .putNull("outputs")
                .put("error", error)
                .put("elapsed_time", 0.0)
                .put("total_tokens", 0)
                .put("total_steps", 0)
                .putObject("created_by");
        data(finished)
                .put("created_at", second)
                .put("finished_at", second)
                .put("exceptions_count", 1)
                .putArray("files");
        return List.of(started, finished);
    }

    private static ObjectNode frame(String event, String taskId, String runId) {
        ObjectNode frame =
                Json.object().put("event", event).put("task_id", taskId).put("workflow_run_id", runId);
        frame.putObject("data").put("id", runId).put("workflow_id", Run.WORKFLOW_ID);
        return frame;
    }

    private static ObjectNode data(ObjectNode frame) {
        return frame.withObject("/data");
    }
}
