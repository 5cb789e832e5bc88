package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Frames of a New Agent: since 1.16.0 the text comes in pieces first and then once more as a whole. Immutable, pure.
 */
final class NewAgentFrames implements AnswerFrames {

    private final ChatFrames chat;
    private final AgentFrames agent;
    private final boolean twice;

    NewAgentFrames(Message message, String taskId, Version version) {
        this.chat = new ChatFrames(message, taskId);
        this.agent = new AgentFrames(message, taskId);
        this.twice = version.isFrom(1, 16, 0);
    }

    @Override
    public List<ObjectNode> opening() {
        return List.of();
    }

    @Override
    public ObjectNode delta(String text) {
        return twice ? agent.delta(text) : chat.delta(text);
    }

    @Override
    public List<ObjectNode> closing(String answer, Usage usage) {
        List<ObjectNode> closing = chat.closing(answer, usage);
        return List.of(chat.delta(twice ? answer : ""), closing.get(closing.size() - 1));
    }

    @Override
    public List<ObjectNode> stopped(Usage usage) {
        return chat.stopped(usage);
    }
}
