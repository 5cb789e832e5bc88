package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import org.jspecify.annotations.Nullable;

/** The JSON of an event of a workflow or chatflow to its type. */
final class RunJson {
    private RunJson() {}

    /** Null where the event is none of a run's. */
    static @Nullable DifyEvent read(DifyFrame frame, DifyJson root) {
        String run = root.text("workflow_run_id");
        DifyJson data = root.object("data");
        NodeExecution node = new NodeExecution(data);
        return switch (frame.name()) {
            case "workflow_started" -> started(frame, run, data);
            case "workflow_finished" ->
                new WorkflowEvent.Finished(frame, run, new WorkflowRun(data), isSynthetic(frame, data));
            case "workflow_paused" ->
                new WorkflowEvent.Paused(
                        frame, run, data.texts("paused_nodes"), data.objects("reasons"), new WorkflowRun(data));
            case "text_chunk" -> new WorkflowEvent.TextChunk(frame, data.text("text"));
            case "text_replace" -> new WorkflowEvent.TextReplace(frame, data.text("text"));
            case "reasoning_chunk" ->
                new WorkflowEvent.ReasoningChunk(
                        frame,
                        data.text("reasoning"),
                        data.text("node_id"),
                        data.optionalText("message_id"),
                        data.flag("is_final"));
            case "node_started" -> new NodeEvent.Started(frame, run, node);
            case "node_finished" -> new NodeEvent.Finished(frame, run, node);
            case "node_retry" -> new NodeEvent.Retried(frame, run, node, data.number("retry_index"));
            case "agent_log" -> agentLog(frame, run, data);
            case "iteration_started" ->
                new IterationEvent.Started(frame, run, node, node.metadata().number("iteration_length"));
            case "iteration_next" -> new IterationEvent.Next(frame, run, node, data.number("index"));
            case "iteration_completed" -> new IterationEvent.Completed(frame, run, node);
            case "loop_started" ->
                new LoopEvent.Started(frame, run, node, node.metadata().number("loop_length"));
            case "loop_next" ->
                new LoopEvent.Next(frame, run, node, data.number("index"), data.object("pre_loop_output"));
            case "loop_completed" -> new LoopEvent.Completed(frame, run, node);
            case "parallel_branch_started" -> new BranchEvent.Started(frame, run, branch(data));
            case "parallel_branch_finished" ->
                new BranchEvent.Finished(
                        frame, run, branch(data), new NodeStatus(data.text("status")), data.optionalText("error"));
            case "human_input_required" -> new HumanInputEvent.Required(frame, run, new HumanInputForm(data));
            case "human_input_form_filled" -> formFilled(frame, run, data);
            case "human_input_form_timeout" ->
                new HumanInputEvent.TimedOut(
                        frame, run, data.text("node_id"), data.text("node_title"), data.time("expiration_time"));
            default -> null;
        };
    }

    /** A worker that lost its run writes an end itself: it knows no conversation and nobody who started the run. */
    private static boolean isSynthetic(DifyFrame frame, DifyJson data) {
        return frame.conversationId().isEmpty() && data.object("created_by").isEmpty();
    }

    private static DifyEvent started(DifyFrame frame, String run, DifyJson data) {
        return new WorkflowEvent.Started(
                frame,
                run,
                data.text("id"),
                data.text("workflow_id"),
                data.object("inputs"),
                data.time("created_at"),
                data.text("reason"),
                data.optionalNumber("sequence_number"));
    }

    private static DifyEvent agentLog(DifyFrame frame, String run, DifyJson data) {
        return new NodeEvent.AgentLog(
                frame,
                run,
                data.text("id"),
                data.optionalText("parent_id"),
                data.text("node_id"),
                data.text("node_execution_id"),
                data.text("label"),
                data.text("status"),
                data.optionalText("error"),
                data.object("data"),
                data.object("metadata"));
    }

    private static BranchEvent.Branch branch(DifyJson data) {
        return new BranchEvent.Branch(
                data.text("parallel_id"),
                data.text("parallel_branch_id"),
                data.optionalText("parent_parallel_id"),
                data.optionalText("parent_parallel_start_node_id"),
                data.optionalText("iteration_id"),
                data.optionalText("loop_id"),
                data.time("created_at"));
    }

    private static DifyEvent formFilled(DifyFrame frame, String run, DifyJson data) {
        return new HumanInputEvent.Filled(
                frame,
                run,
                data.text("node_id"),
                data.text("node_title"),
                data.text("rendered_content"),
                data.text("action_id"),
                data.text("action_text"),
                data.object("submitted_data"));
    }
}
