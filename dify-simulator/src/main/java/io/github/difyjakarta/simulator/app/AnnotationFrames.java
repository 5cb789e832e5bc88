package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * An answer that an annotation gives in a chat or agent app: one character a frame, or as a whole, and nothing it cost
 * . Immutable, pure.
 */
final class AnnotationFrames implements AnswerFrames, Answers.Blocking {

    private static final Duration PACE = Duration.ofMillis(10);

    private final Message message;
    private final String taskId;
    private final Annotation annotation;
    private final String mode;
    private final ChatFrames chat;

    AnnotationFrames(Message message, String taskId, Annotation annotation, String mode) {
        this.message = message;
        this.taskId = taskId;
        this.annotation = annotation;
        this.mode = mode;
        this.chat = new ChatFrames(message, taskId);
    }

    @Override
    public Usage usage(String query, String answer, Duration latency) {
        return Usage.stopped(latency).unpriced();
    }

    @Override
    public ObjectNode body(Usage usage) {
        ObjectNode body = ChatFrames.blocking(message, taskId, mode, usage);
        ObjectNode metadata = body.withObject("/metadata");
        metadata.set("annotation_reply", annotation.reference());
        metadata.withObject("/usage").putNull("time_to_first_token").putNull("time_to_generate");
        return body;
    }

    @Override
    public List<String> pieces(String answer) {
        return answer.codePoints().mapToObj(Character::toString).toList();
    }

    @Override
    public Duration pace(Duration typing) {
        return typing.compareTo(PACE) < 0 ? typing : PACE;
    }

    @Override
    public Usage usage(String query, Typist typist) {
        return Usage.stopped(typist.age()).unpriced();
    }

    @Override
    public List<ObjectNode> opening() {
        return List.of();
    }

    @Override
    public ObjectNode delta(String text) {
        return chat.delta(text);
    }

    @Override
    public List<ObjectNode> closing(String answer, Usage usage) {
        return List.of(end(usage));
    }

    @Override
    public List<ObjectNode> stopped(Usage usage) {
        return List.of(end(usage));
    }

    private ObjectNode end(Usage usage) {
        ObjectNode frame = ChatFrames.messageEnd(message, taskId, usage);
        ObjectNode metadata = Json.object();
        metadata.set("annotation_reply", annotation.reference());
        metadata.setAll(frame.withObject("/metadata"));
        metadata.set("usage", usage.unpriced().json());
        frame.set("metadata", metadata);
        return frame;
    }
}
