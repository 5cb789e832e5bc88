package io.github.difyjakarta.client.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The JSON of an event to its type. */
final class EventJson {
    private static final PlainJson.Place ANSWER = PlainJson.Place.of("answer");
    private static final PlainJson.Place CHUNK = PlainJson.Place.in("data", "text");

    private EventJson() {}

    /**
     * @throws MalformedEventException when the JSON is not well-formed, or nested deeper than any sane answer
     */
    static DifyEvent read(DifyFrame frame) {
        DifyEvent piece = piece(frame);
        return piece == null ? readTree(frame) : piece;
    }

    /** The events that a stream has most of, where their text can be had without parsing all of them. */
    private static @Nullable DifyEvent piece(DifyFrame frame) {
        switch (frame.name()) {
            case "message" -> {
                String text = frame.text(ANSWER);
                return text == null ? null : new DifyEvent.Message(frame, text);
            }
            case "agent_message" -> {
                String text = frame.text(ANSWER);
                return text == null ? null : new DifyEvent.AgentMessage(frame, text);
            }
            case "text_chunk" -> {
                String text = frame.text(CHUNK);
                return text == null ? null : new DifyEvent.TextChunk(frame, text);
            }
            default -> {
                return null;
            }
        }
    }

    private static DifyEvent readTree(DifyFrame frame) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(frame.jsonBytes());
        } catch (IOException e) {
            throw new MalformedEventException("the event " + frame.name() + " is not well-formed JSON", e);
        }
        JsonNode data = root.path("data");
        return switch (frame.name()) {
            case "message" -> new DifyEvent.Message(frame, Json.text(root, "answer"));
            case "agent_message" -> new DifyEvent.AgentMessage(frame, Json.text(root, "answer"));
            case "message_replace" ->
                new DifyEvent.MessageReplace(frame, Json.text(root, "answer"), Json.text(root, "reason"));
            case "message_file" ->
                new DifyEvent.MessageFile(
                        frame,
                        Json.text(root, "id"),
                        Json.text(root, "type"),
                        Json.text(root, "belongs_to"),
                        Json.optionalText(root, "url"),
                        Json.optionalText(root, "answer"));
            case "agent_thought" -> agentThought(frame, root);
            case "message_end" -> messageEnd(frame, root);
            case "tts_message" -> new DifyEvent.Speech(frame, Json.text(root, "audio"), false);
            case "tts_message_end" -> new DifyEvent.Speech(frame, Json.text(root, "audio"), true);
            case "error" ->
                new DifyEvent.Failure(
                        frame, (int) Json.number(root, "status"), Json.text(root, "code"), Json.text(root, "message"));
            case "workflow_started" ->
                new DifyEvent.WorkflowStarted(frame, Json.text(root, "workflow_run_id"), Json.text(data, "reason"));
            case "workflow_finished" -> workflowFinished(frame, root, data);
            case "workflow_paused" ->
                new DifyEvent.WorkflowPaused(
                        frame, Json.text(root, "workflow_run_id"), Json.maps(data.path("reasons")));
            case "text_chunk" -> new DifyEvent.TextChunk(frame, Json.text(data, "text"));
            default -> new DifyEvent.Other(frame);
        };
    }

    private static DifyEvent agentThought(DifyFrame frame, JsonNode root) {
        return new DifyEvent.AgentThought(
                frame,
                Json.text(root, "id"),
                Json.number(root, "position"),
                Json.text(root, "thought"),
                Json.text(root, "observation"),
                Json.text(root, "tool"),
                Json.text(root, "tool_input"));
    }

    private static DifyEvent messageEnd(DifyFrame frame, JsonNode root) {
        JsonNode metadata = root.path("metadata");
        return new DifyEvent.MessageEnd(
                frame,
                Json.text(root, "id"),
                Usage.of(metadata.path("usage")),
                Json.map(metadata),
                Json.maps(root.path("files")));
    }

    private static DifyEvent workflowFinished(DifyFrame frame, JsonNode root, JsonNode data) {
        // A worker that lost its run writes an end itself: it knows no conversation and nobody who started the run.
        boolean synthetic =
                frame.conversationId().isEmpty() && data.path("created_by").isEmpty();
        return new DifyEvent.WorkflowFinished(
                frame,
                Json.text(root, "workflow_run_id"),
                Json.text(data, "status"),
                Json.text(data, "error"),
                Json.map(data.path("outputs")),
                Json.number(data, "total_tokens"),
                synthetic);
    }
}
