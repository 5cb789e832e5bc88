package io.github.difyjakarta.client.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text of an answer as it grows. Confined to the thread that reads the stream. */
final class AnswerText {
    private final StringBuilder text = new StringBuilder();
    private final Map<List<String>, StringBuilder> parts = new LinkedHashMap<>();
    private boolean agentSpoke;
    private boolean repeated;
    private boolean replaced;
    private boolean ofRun;

    /** A run of a workflow or chatflow is behind the stream. */
    void beginRun() {
        ofRun = true;
    }

    void append(DifyEvent.Message message) {
        if (!agentSpoke) {
            text.append(message.answer());
        } else if (!replaced && !message.answer().isEmpty()) {
            // A new agent says all of it once more in the end.
            if (!repeated) {
                text.setLength(0);
                repeated = true;
            }
            text.append(message.answer());
        }
    }

    void append(DifyEvent.AgentMessage message) {
        agentSpoke = true;
        repeated = false;
        text.append(message.answer());
    }

    void append(List<String> selector, String chunk) {
        text.append(chunk);
        parts.computeIfAbsent(selector, first -> new StringBuilder()).append(chunk);
    }

    /** What moderation put in place of the answer, or all that a stream knows of a run that it joined. */
    void replace(DifyEvent.MessageReplace replacement) {
        boolean unknown =
                ofRun && replacement.answer().isEmpty() && replacement.reason().isEmpty();
        // Of a run that works, the stream that joins it knows no text: that is no reason to forget ours.
        if (!unknown) {
            replaced = true;
            replace(replacement.answer());
        }
    }

    void replace(String all) {
        text.setLength(0);
        text.append(all);
        parts.clear();
    }

    List<TextPart> parts() {
        List<TextPart> result = new ArrayList<>(parts.size());
        parts.forEach((selector, part) -> result.add(new TextPart(selector, part.toString())));
        return List.copyOf(result);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
