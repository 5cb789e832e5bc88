package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The whole answers of blocking mode about a run that has paused or is over. Pure. */
final class RunBodies {

    private RunBodies() {}

    static ObjectNode workflow(Run run) {
        ObjectNode body = Json.object().put("task_id", run.taskId()).put("workflow_run_id", run.id());
        ObjectNode data = body.putObject("data")
                .put("id", run.id())
                .put("workflow_id", Run.WORKFLOW_ID)
                .put("status", run.status());
        data.set("outputs", run.outputs());
        data.put("error", run.error().orElse(null))
                .put("elapsed_time", run.elapsed())
                .put("total_tokens", run.totalTokens())
                .put("total_steps", run.nodes().size())
                .put("created_at", run.createdAt())
                .put("finished_at", run.isOver() ? (Long) run.finishedAt() : null);
        run.form().filter(form -> run.isPaused()).ifPresent(form -> pause(data, form));
        return body;
    }

    /** Refuses if the run has failed: that is how Dify tells it. */
    static ObjectNode chatflow(Run run) {
        Message message = run.message().orElseThrow();
        if (run.status().equals("failed")) {
            throw Refusal.invalidParam("Run failed: " + run.error().orElse(""));
        }
        ObjectNode body = ChatFrames.blocking(message, run.taskId(), "advanced-chat", message.usage());
        if (run.isPaused()) {
            body.put("event", "workflow_paused");
            ((ObjectNode) body.path("metadata")).putNull("usage");
            body.put("workflow_run_id", run.id()).set("data", paused(run, message, body));
        }
        return body;
    }

    private static ObjectNode paused(Run run, Message message, ObjectNode body) {
        ObjectNode data = Json.object()
                .put("id", message.id())
                .put("mode", "advanced-chat")
                .put("conversation_id", message.conversationId())
                .put("message_id", message.id())
                .put("workflow_run_id", run.id())
                .put("answer", message.answer());
        data.set("metadata", body.path("metadata").deepCopy());
        data.put("created_at", message.createdAt());
        pause(data, run.form().orElseThrow());
        return data.put("status", "paused")
                .put("elapsed_time", run.elapsed())
                .put("total_tokens", run.totalTokens())
                .put("total_steps", run.nodes().size());
    }

    private static void pause(ObjectNode data, Form form) {
        data.putArray("paused_nodes").add(form.node().id());
        data.putArray("reasons").add(form.reason());
    }
}
