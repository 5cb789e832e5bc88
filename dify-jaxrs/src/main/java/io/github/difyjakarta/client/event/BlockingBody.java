package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.MalformedJsonException;
import java.util.List;
import java.util.Optional;

/** The body of an answer that was not streamed: the stream's events in one object. */
public final class BlockingBody {
    private BlockingBody() {}

    /**
     * Reads the 200 body of a chat, completion or workflow call, also of a run that paused or failed.
     *
     * @throws MalformedEventException when it is no JSON object
     */
    public static Answer read(byte[] json) {
        try {
            return read(DifyJson.parse(json));
        } catch (MalformedJsonException e) {
            throw new MalformedEventException("the answer cannot be read", e);
        }
    }

    /** Reads the same, parsed. */
    public static Answer read(DifyJson root) {
        AnswerMetadata metadata = new AnswerMetadata(root.object("metadata"));
        return new Answer(
                outcome(root),
                root.text("answer"),
                List.of(),
                root.optionalText("task_id"),
                root.optionalText("conversation_id"),
                root.optionalText("message_id"),
                root.optionalText("workflow_run_id"),
                root.time("created_at"),
                metadata,
                DifyFile.all(root, "files"),
                List.of(),
                List.of(),
                metadata.reasoning(),
                Audio.NONE,
                root.optionalObject("data").map(WorkflowRun::new),
                List.of(),
                root);
    }

    private static Outcome outcome(DifyJson root) {
        DifyJson data = root.object("data");
        Optional<String> status = data.optionalText("status");
        return switch (status.orElse("succeeded")) {
            case "paused" -> new Outcome.Paused(root.text("workflow_run_id"), data.objects("reasons"));
            case "failed" -> new Outcome.Failed(0, OutcomeTracker.WORKFLOW_FAILED, data.text("error"));
            case "stopped" -> new Outcome.Stopped();
            default -> new Outcome.Completed();
        };
    }
}
