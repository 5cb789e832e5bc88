package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Exchange;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

/** What a workflow or chatflow app answers without a run: refusals, and answers of annotations. Confined to the event loop. */
final class Runless {

    private final Streams streams;
    private final Slots slots;

    Runless(Streams streams, Slots slots) {
        this.streams = streams;
        this.slots = slots;
    }

    /** Refuses inputs or files as each release does: since 1.13.0 it has begun its stream before it looks. */
    void refuse(Exchange exchange, Question question, Refusal refusal) {
        if (!question.streaming() || !streams.settings().version().isFrom(1, 13, 0)) {
            throw refusal;
        }
        String id = UUID.randomUUID().toString();
        end(streams.openRun(exchange, () -> {}), id, id, question.inputs(), String.valueOf(refusal.getMessage()));
    }

    /** Keep-alives until the client leaves. */
    void hang(Exchange exchange) {
        streams.openRun(exchange, () -> {});
    }

    /**
     * Answers with a text that is there already: all of it at once, and after its good end a failure that is none.
     *
     * @param answered makes the message, with its answer, once there is a slot for it
     */
    void answer(Exchange exchange, Question question, Supplier<Message> answered) {
        if (slots.takeForRun(question.streaming())) {
            slots.giveBack();
        }
        Message message = answered.get();
        String taskId = UUID.randomUUID().toString();
        if (!question.streaming()) {
            ObjectNode body = ChatFrames.blocking(message, taskId, "advanced-chat", message.usage());
            body.withObject("/metadata").remove("annotation_reply");
            Answers.reply(exchange, streams.dialect(), body);
            return;
        }
        FrameStream stream = streams.openRun(exchange, () -> {});
        stream.send(streams.encode(new ChatFrames(message, taskId).delta(message.answer())));
        ObjectNode end = ChatFrames.messageEnd(message, taskId, message.usage());
        end.putArray("files");
        stream.send(streams.encode(end));
        if (!streams.settings().version().isFrom(1, 13, 0)) {
            stream.end();
            return;
        }
        String runId = UUID.randomUUID().toString();
        end(stream, taskId, runId, Json.object(), "Workflow stream ended without a terminal event");
    }

    /** Since 1.15.0 a failed run is made up for the stream; before that it never ended. */
    private void end(FrameStream stream, String taskId, String runId, ObjectNode inputs, String error) {
        if (streams.settings().version().isFrom(1, 15, 0)) {
            SyntheticFailure.frames(taskId, runId, inputs, error, Instant.now())
                    .forEach(frame -> stream.send(streams.encode(frame)));
            stream.end();
        }
    }
}
