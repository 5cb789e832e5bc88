package io.github.difyjakarta.client.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one stream into its answer: pieces are joined, a replacement replaces, an agent's closing message that
 * repeats the whole text is not taken twice, and text that old servers label {@code message_file} is text.
 *
 * <p>Confined to the thread that reads the stream.
 */
public final class AnswerCollector {
    private final StringBuilder text = new StringBuilder();
    private boolean agentSpoke;
    private @Nullable String taskId;
    private @Nullable String conversationId;
    private @Nullable String messageId;
    private Usage usage = Usage.NONE;
    private Map<String, Object> metadata = Map.of();
    private List<Map<String, Object>> files = List.of();
    private Map<String, Object> outputs = Map.of();

    /** Takes the next event. */
    public void accept(DifyEvent event) {
        remember(event.frame());
        if (event instanceof DifyEvent.Message message) {
            if (agentSpoke) {
                text.setLength(0);
            }
            text.append(message.answer());
        } else if (event instanceof DifyEvent.AgentMessage message) {
            agentSpoke = true;
            text.append(message.answer());
        } else if (event instanceof DifyEvent.TextChunk chunk) {
            text.append(chunk.text());
        } else if (event instanceof DifyEvent.MessageReplace replacement) {
            text.setLength(0);
            text.append(replacement.answer());
        } else if (event instanceof DifyEvent.MessageFile file && file.url().isEmpty()) {
            file.answer().ifPresent(text::append);
        } else if (event instanceof DifyEvent.MessageEnd end) {
            usage = end.usage();
            metadata = end.metadata();
            files = end.files();
        } else if (event instanceof DifyEvent.WorkflowFinished finished) {
            outputs = finished.outputs();
        }
    }

    private void remember(DifyFrame frame) {
        taskId = frame.taskId().orElse(taskId);
        conversationId = frame.conversationId().orElse(conversationId);
        messageId = frame.messageId().orElse(messageId);
    }

    /** What there is so far; all of the answer once the stream ended well. */
    public Answer answer(Outcome outcome) {
        return new Answer(
                outcome,
                text.toString(),
                Optional.ofNullable(taskId),
                Optional.ofNullable(conversationId),
                Optional.ofNullable(messageId),
                usage,
                metadata,
                files,
                outputs);
    }
}
