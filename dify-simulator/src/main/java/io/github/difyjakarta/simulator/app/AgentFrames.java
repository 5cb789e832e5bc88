package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/** Frames of an agent app that answers without a tool: one thought, first empty, then with the text. Immutable, pure. */
final class AgentFrames implements AnswerFrames {

    private final Message message;
    private final String taskId;
    private final String thoughtId = UUID.randomUUID().toString();

    AgentFrames(Message message, String taskId) {
        this.message = message;
        this.taskId = taskId;
    }

    @Override
    public List<ObjectNode> opening() {
        return List.of(thought(""));
    }

    @Override
    public ObjectNode delta(String text) {
        return ChatFrames.envelope("agent_message", message, taskId)
                .put("id", message.id())
                .put("answer", text);
    }

    @Override
    public List<ObjectNode> closing(String answer, Usage usage) {
        return List.of(delta(""), thought(answer), ChatFrames.messageEnd(message, taskId, usage));
    }

    @Override
    public List<ObjectNode> stopped(Usage usage) {
        return List.of(ChatFrames.messageEnd(message, taskId, usage));
    }

    private ObjectNode thought(String text) {
        ObjectNode frame = ChatFrames.envelope("agent_thought", message, taskId)
                .put("id", thoughtId)
                .put("position", 1)
                .put("thought", text)
                .put("observation", "")
                .put("tool", "");
        frame.putObject("tool_labels");
        frame.put("tool_input", "").putArray("message_files");
        return frame;
    }
}
