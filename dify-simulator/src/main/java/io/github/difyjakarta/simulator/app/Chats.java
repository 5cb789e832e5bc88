package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.Exchange;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /chat-messages} and its stop endpoint. Confined to the event loop. */
final class Chats {

    private final Settings settings;
    private final Turns turns;
    private final Attachments attachments;
    private final Annotations annotations;
    private final Slots slots;
    private final Answers answers;
    private final Chatflows chatflows;

    Chats(
            Settings settings,
            Turns turns,
            Attachments attachments,
            Annotations annotations,
            Slots slots,
            Answers answers,
            Chatflows chatflows) {
        this.settings = settings;
        this.turns = turns;
        this.attachments = attachments;
        this.annotations = annotations;
        this.slots = slots;
        this.answers = answers;
        this.chatflows = chatflows;
    }

    void ask(Call call) {
        Question question = Question.toChat(call, settings);
        if (settings.isChatflow()) {
            chatflows.ask(call, question);
        } else {
            ask(call, question);
        }
    }

    void stop(Call call) {
        String user = call.requiredUserOfBody();
        Modes.requireChat(settings);
        answers.stop(call.variable(), user);
        chatflows.stop(call.variable());
        call.success();
    }

    private void ask(Call call, Question question) {
        if (!question.streaming() && settings.mode().equals("agent-chat")) {
            throw Refusal.invalidParam("Agent Chat App does not support blocking mode");
        }
        if (!question.streaming() && settings.isNewAgent()) {
            throw Refusal.of(400, "bad_request", "Agent App only supports streaming response mode.");
        }
        Optional<Conversation> known = turns.conversation(question);
        if (known.isEmpty() && !question.conversationId().isEmpty()) {
            throw Turns.unknownConversation();
        }
        List<Attachment> files = attachments.read(call, question.user());
        question.checkInputs(settings);
        slots.take();
        List<String> earlier = Turns.earlier(known);
        Message message = turns.begin(known, question, files);
        annotations
                .answerTo(question.query())
                .ifPresentOrElse(
                        annotation -> annotated(call.exchange(), question, message, annotation),
                        () -> generated(call.exchange(), question, message, earlier));
    }

    private void generated(Exchange exchange, Question question, Message message, List<String> earlier) {
        String taskId = UUID.randomUUID().toString();
        String answer = OrderDesk.answer(question.query(), earlier);
        Runnable onOver = () -> turns.name(question, message);
        if (question.streaming()) {
            answers.stream(exchange, message, frames(message, taskId), answer, taskId, onOver);
        } else {
            Answers.Blocking blocking = usage -> ChatFrames.blocking(message, taskId, settings.mode(), usage);
            answers.block(exchange, message, answer, blocking, onOver);
        }
    }

    private void annotated(Exchange exchange, Question question, Message message, Annotation annotation) {
        annotations.hit(annotation);
        String taskId = UUID.randomUUID().toString();
        AnnotationFrames frames = new AnnotationFrames(message, taskId, annotation, settings.mode());
        Runnable onOver = () -> turns.name(question, message);
        if (question.streaming()) {
            answers.stream(exchange, message, frames, annotation.answer(), taskId, onOver);
        } else {
            answers.block(exchange, message, annotation.answer(), frames, onOver);
        }
    }

    private AnswerFrames frames(Message message, String taskId) {
        return switch (settings.mode()) {
            case "agent-chat" -> new AgentFrames(message, taskId);
            case "agent" -> new NewAgentFrames(message, taskId, settings.version());
            default -> new ChatFrames(message, taskId);
        };
    }
}
