package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Frames of a chat app. Immutable, pure. */
final class ChatFrames implements AnswerFrames {

    private final Message message;
    private final String taskId;

    ChatFrames(Message message, String taskId) {
        this.message = message;
        this.taskId = taskId;
    }

    @Override
    public List<ObjectNode> opening() {
        return List.of();
    }

    @Override
    public ObjectNode delta(String text) {
        ObjectNode frame =
                envelope("message", message, taskId).put("id", message.id()).put("answer", text);
        frame.putArray("from_variable_selector");
        return frame;
    }

    @Override
    public List<ObjectNode> closing(String answer, Usage usage) {
        return List.of(delta(""), messageEnd(message, taskId, usage));
    }

    /** Dify says "stopped" by a usage of nothing alone. */
    @Override
    public List<ObjectNode> stopped(Usage usage) {
        return List.of(messageEnd(message, taskId, usage));
    }

    /** The same for chat and agent apps. */
    static ObjectNode messageEnd(Message message, String taskId, Usage usage) {
        ObjectNode frame = envelope("message_end", message, taskId).put("id", message.id());
        ObjectNode metadata = frame.putObject("metadata");
        metadata.putArray("retriever_resources");
        metadata.set("usage", usage.json());
        metadata.putObject("reasoning");
        frame.putArray("files")
                .addAll(message.files().stream().map(Attachment::frame).toList());
        return frame;
    }

    /** The first keys of every frame of chat, agent and chatflow apps. */
    static ObjectNode envelope(String event, Message message, String taskId) {
        return Json.object()
                .put("event", event)
                .put("conversation_id", message.conversationId())
                .put("message_id", message.id())
                .put("created_at", message.createdAt())
                .put("task_id", taskId);
    }

    /** The whole answer of blocking mode, the same for chat and chatflow apps. */
    static ObjectNode blocking(Message message, String taskId, String mode, Usage usage) {
        ObjectNode body = Json.object()
                .put("event", "message")
                .put("task_id", taskId)
                .put("id", message.id())
                .put("message_id", message.id())
                .put("conversation_id", message.conversationId())
                .put("mode", mode)
                .put("answer", message.answer());
        ObjectNode metadata = body.putObject("metadata");
        metadata.putNull("annotation_reply").putArray("retriever_resources");
        metadata.set("usage", usage.json());
        metadata.putObject("reasoning");
        return body.put("created_at", message.createdAt());
    }
}
