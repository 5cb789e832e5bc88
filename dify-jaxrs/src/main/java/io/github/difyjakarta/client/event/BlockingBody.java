package io.github.difyjakarta.client.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new MalformedEventException("the answer is not well-formed JSON", e);
        }
        if (root == null || !root.isObject()) {
            throw new MalformedEventException("the answer is no JSON object");
        }
        JsonNode metadata = root.path("metadata");
        return new Answer(
                outcome(root),
                Json.text(root, "answer"),
                Json.optionalText(root, "task_id"),
                Json.optionalText(root, "conversation_id"),
                Json.optionalText(root, "message_id"),
                Usage.of(metadata.path("usage")),
                Json.map(metadata),
                List.of(),
                Json.map(root.path("data").path("outputs")));
    }

    private static Outcome outcome(JsonNode root) {
        JsonNode data = root.path("data");
        Optional<String> status = Json.optionalText(data, "status");
        return switch (status.orElse("succeeded")) {
            case "paused" -> new Outcome.Paused(Json.text(root, "workflow_run_id"), Json.maps(data.path("reasons")));
            case "failed" -> new Outcome.Failed(0, OutcomeTracker.WORKFLOW_FAILED, Json.text(data, "error"));
            case "stopped" -> new Outcome.Stopped();
            default -> new Outcome.Completed();
        };
    }
}
