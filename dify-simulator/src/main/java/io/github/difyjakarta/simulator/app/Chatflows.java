package io.github.difyjakarta.simulator.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The questions of {@code POST /chat-messages} to a chatflow: each is a run. Confined to the event loop. */
final class Chatflows {

    private final Settings settings;
    private final Turns turns;
    private final Attachments attachments;
    private final Annotations annotations;
    private final Runs runs;
    private final Runless runless;

    Chatflows(
            Settings settings,
            Turns turns,
            Attachments attachments,
            Annotations annotations,
            Runs runs,
            Runless runless) {
        this.settings = settings;
        this.turns = turns;
        this.attachments = attachments;
        this.annotations = annotations;
        this.runs = runs;
        this.runless = runless;
    }

    void ask(Call call, Question asked) {
        Optional<Conversation> known = turns.conversation(asked);
        if (known.isEmpty() && !asked.conversationId().isEmpty()) {
            boolean lazy = asked.streaming()
                    && settings.version().isFrom(1, 13, 0)
                    && !settings.version().isFrom(1, 16, 0);
            if (!lazy) {
                throw Turns.unknownConversation();
            }
            if (!settings.version().isFrom(1, 15, 0)) {
                runless.hang(call.exchange());
                return;
            }
            // 1.15 takes it for a new one without a word.
        }
        if (!asked.workflowId().isEmpty() && settings.version().isFrom(1, 7, 2)) {
            Runs.checkWorkflow(asked.workflowId(), "." + Turns.HINT);
        }
        List<Attachment> files;
        Question question;
        try {
            files = attachments.read(call, asked.user());
            question = asked.withInputs(attachments.inputs(call, asked));
            question.checkInputs(settings);
        } catch (Refusal refusal) {
            runless.refuse(call.exchange(), asked, refusal);
            return;
        }
        annotations
                .answerTo(question.query())
                .ifPresentOrElse(
                        annotation -> annotated(call, question, known, files, annotation),
                        () -> run(call, question, known, files));
    }

    void stop(String taskId) {
        runs.stop(taskId);
    }

    private void run(Call call, Question question, Optional<Conversation> known, List<Attachment> files) {
        List<String> earlier = Turns.earlier(known);
        int turn = earlier.size() + 1;
        runs.begin(
                call.exchange(),
                question,
                () -> new Run(turns.begin(known, question, files), question.inputs(), turn, Instant.now()),
                earlier,
                RunBodies::chatflow,
                run -> turns.name(question, run.message().orElseThrow()));
    }

    private void annotated(
            Call call, Question question, Optional<Conversation> known, List<Attachment> files, Annotation annotation) {
        runless.answer(call.exchange(), question, () -> {
            annotations.hit(annotation);
            Message message = turns.begin(known, question, files);
            message.answered(annotation.answer(), Usage.withoutModel());
            turns.name(question, message);
            return message;
        });
    }
}
