package io.github.difyjakarta.simulator.app;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** {@code POST /completion-messages} and its stop endpoint. Confined to the event loop. */
final class Completions {

    private final Settings settings;
    private final Store store;
    private final Slots slots;
    private final Attachments attachments;
    private final Answers answers;

    Completions(Settings settings, Store store, Slots slots, Attachments attachments, Answers answers) {
        this.settings = settings;
        this.store = store;
        this.slots = slots;
        this.attachments = attachments;
        this.answers = answers;
    }

    void ask(Call call) {
        Question question = Question.toCompletion(call, settings);
        List<Attachment> files = attachments.read(call, question.user());
        question.checkInputs(settings);
        slots.take();
        Instant now = Instant.now();
        // Dify, too, has a conversation behind each of them that nobody gets to see.
        Conversation conversation = store.create(question.user(), "", question.inputs(), "", now);
        Message message = store.ask(conversation, question.query(), question.inputs(), now);
        attachments.attach(files, message);
        String answer = OrderDesk.answer(question.text(), List.of());
        String taskId = UUID.randomUUID().toString();
        if (question.streaming()) {
            CompletionFrames frames = new CompletionFrames(message, taskId);
            answers.stream(call.exchange(), message, frames, answer, taskId, () -> {});
        } else {
            answers.block(
                    call.exchange(),
                    message,
                    answer,
                    usage -> CompletionFrames.blocking(message, taskId, usage),
                    () -> {});
        }
    }

    void stop(Call call) {
        String user = call.requiredUserOfBody();
        Modes.requireCompletion(settings);
        answers.stop(call.variable(), user);
        call.success();
    }
}
