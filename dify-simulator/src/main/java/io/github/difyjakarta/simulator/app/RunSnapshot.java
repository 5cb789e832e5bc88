package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What Dify tells of a run that is not new any more: the past from its store, and the one frame of a run that is
 * over. Pure.
 */
final class RunSnapshot {

    private static final Set<String> ENVELOPE =
            Set.of("event", "task_id", "workflow_run_id", "conversation_id", "message_id", "created_at");

    private RunSnapshot() {}

    /** The past of a run that is running or paused. */
    static List<ObjectNode> of(Run run) {
        // Clock and frames of its own: looking at a run must not change its nodes.
        RunFrames frames = new RunFrames(run, Instant::now);
        List<ObjectNode> past = new ArrayList<>();
        ObjectNode started = frames.started("initial");
        ((ObjectNode) started.path("data")).set("inputs", run.systemInputs(true));
        past.add(stored(started));
        // The stored answer is empty while the run is working.
        run.message()
                .ifPresent(message -> past.add(stored(ChatFrames.envelope("message_replace", message, run.taskId())
                        .put("answer", run.isPaused() ? message.answer() : "")
                        .put("reason", ""))));
        int index = 1;
        for (Node node : run.nodes()) {
            past.add(stored(nodeStarted(frames.envelope("node_started"), node, index)));
            if (!node.isRunning()) {
                past.add(stored(nodeFinished(frames.envelope("node_finished"), node, index)));
            }
            index++;
        }
        run.form().filter(form -> run.isPaused()).ifPresent(form -> {
            past.add(stored(frames.formRequired(form)));
            ObjectNode paused = frames.paused(form);
            ((ObjectNode) paused.path("data")).put("elapsed_time", 0.0);
            past.add(stored(paused));
        });
        return past;
    }

    /** Without conversation, and with the id of the run in place of the task's. */
    static ObjectNode finished(Run run) {
        ObjectNode frame = Json.object()
                .put("event", "workflow_finished")
                .put("task_id", run.id())
                .put("workflow_run_id", run.id());
        frame.set("data", new RunFrames(run, Instant::now).finished().path("data"));
        return frame;
    }

    /** The same keys as live in the order of the store. */
    private static ObjectNode stored(ObjectNode live) {
        ObjectNode frame = Json.object();
        for (String key : List.of("event", "task_id", "workflow_run_id")) {
            if (live.has(key)) {
                frame.set(key, live.path(key));
            }
        }
        live.properties().stream()
                .filter(member -> !ENVELOPE.contains(member.getKey()))
                .forEach(member -> frame.set(member.getKey(), member.getValue()));
        for (String key : List.of("conversation_id", "message_id", "created_at")) {
            if (live.has(key)) {
                frame.set(key, live.path(key));
            }
        }
        return frame;
    }

    private static ObjectNode nodeStarted(ObjectNode frame, Node node, int index) {
        ObjectNode data = node(frame, node, index).putNull("inputs").put("created_at", node.createdAt());
        data.putObject("extras");
        data.putNull("iteration_id").putNull("loop_id");
        return frame;
    }

    private static ObjectNode nodeFinished(ObjectNode frame, Node node, int index) {
        ObjectNode data = node(frame, node, index)
                .putNull("inputs")
                .putNull("process_data")
                .putNull("outputs")
                .put("status", node.status())
                .putNull("error")
                .put("elapsed_time", 0.0002)
                .putNull("execution_metadata")
                .put("created_at", node.createdAt())
                .put("finished_at", node.finishedAt());
        data.putArray("files");
        data.putNull("iteration_id").putNull("loop_id");
        return frame;
    }

    private static ObjectNode node(ObjectNode frame, Node node, int index) {
        return frame.putObject("data")
                .put("id", node.execution())
                .put("node_id", node.id())
                .put("node_type", node.type())
                .put("title", node.title())
                .put("index", index)
                .putNull("predecessor_node_id");
    }
}
