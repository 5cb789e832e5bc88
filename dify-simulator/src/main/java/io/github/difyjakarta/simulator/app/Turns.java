package io.github.difyjakarta.simulator.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Adds turns to the conversations of chat, agent and chatflow apps. Confined to the event loop. */
final class Turns {

    /** What Dify adds to its 404s: paths that were perhaps meant. */
    static final String HINT = " You have requested this URI [/v1/chat-messages] but did you mean"
            + " /v1/chat-messages or /api/chat-messages or /v1/chat-messages/<string:task_id>/stop ?";

    private final Store store;
    private final Attachments attachments;

    Turns(Store store, Attachments attachments) {
        this.store = store;
        this.attachments = attachments;
    }

    /** The one to go on with; empty for a new one, and for one that is not the user's. */
    Optional<Conversation> conversation(Question question) {
        return store.conversation(question.conversationId(), question.user());
    }

    static Refusal unknownConversation() {
        return Refusal.notFound("Conversation Not Exists." + HINT);
    }

    /** What was asked before, oldest first. */
    static List<String> earlier(Optional<Conversation> known) {
        return known.stream()
                .flatMap(conversation -> conversation.messages().stream())
                .map(Message::query)
                .toList();
    }

    Message begin(Optional<Conversation> known, Question question, List<Attachment> files) {
        Instant now = Instant.now();
        Conversation conversation = known.orElseGet(() -> store.create(
                question.user(), shortened(question.query()), question.inputs(), OrderDesk.INTRODUCTION, now));
        Message message = store.ask(conversation, question.query(), question.inputs(), now);
        attachments.attach(files, message);
        return message;
    }

    /** Dify asks the model for a title after the first answer, in the background. */
    void name(Question question, Message message) {
        if (question.named() && question.conversationId().isEmpty()) {
            store.conversation(message.conversationId(), question.user())
                    .ifPresent(conversation -> conversation.rename(OrderDesk.title(question.query()), Instant.now()));
        }
    }

    private static String shortened(String query) {
        int characters = query.codePointCount(0, query.length());
        return characters <= 20 ? query : query.substring(0, query.offsetByCodePoints(0, 20)) + "…";
    }
}
