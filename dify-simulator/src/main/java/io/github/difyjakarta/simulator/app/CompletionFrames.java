package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Frames of a completion app: those of a chat without its conversation. Immutable, pure. */
final class CompletionFrames implements AnswerFrames {

    private final ChatFrames chat;

    CompletionFrames(Message message, String taskId) {
        this.chat = new ChatFrames(message, taskId);
    }

    @Override
    public List<ObjectNode> opening() {
        return chat.opening();
    }

    @Override
    public ObjectNode delta(String text) {
        return withoutConversation(chat.delta(text));
    }

    @Override
    public List<ObjectNode> closing(String answer, Usage usage) {
        return chat.closing(answer, usage).stream()
                .map(CompletionFrames::withoutConversation)
                .toList();
    }

    @Override
    public List<ObjectNode> stopped(Usage usage) {
        return chat.stopped(usage).stream()
                .map(CompletionFrames::withoutConversation)
                .toList();
    }

    static ObjectNode blocking(Message message, String taskId, Usage usage) {
        return withoutConversation(ChatFrames.blocking(message, taskId, "completion", usage));
    }

    private static ObjectNode withoutConversation(ObjectNode frame) {
        frame.remove("conversation_id");
        return frame;
    }
}
