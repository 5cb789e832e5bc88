package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes what users think of answers, and lists it for the builder of the app. Confined to the event loop. */
final class Feedbacks {

    private final Store store;
    private long count;

    Feedbacks(Store store) {
        this.store = store;
    }

    /** The same user and message again: overwritten; without rating: taken back. */
    void give(Call call) {
        String user = call.requiredUserOfBody();
        Validation fields = new Validation("MessageFeedbackPayload", call.body());
        String rating = fields.choice("rating", List.of("like", "dislike"), "'like' or 'dislike'");
        fields.text("content", false);
        fields.check();
        Message message =
                store.message(call.variable(), user).orElseThrow(() -> Refusal.notFound("Message Not Exists."));
        Optional<Feedback> before = message.feedback();
        if (rating.isEmpty()) {
            if (before.isEmpty()) {
                throw Refusal.invalidParam("rating cannot be None when feedback not exists");
            }
            message.feedback(null);
        } else {
            message.feedback(feedback(call, rating, before));
        }
        call.success();
    }

    void list(Call call) {
        Validation fields = Validation.ofQuery("FeedbackListQuery", call.query());
        int page = fields.number("page", 1, 1, Integer.MAX_VALUE);
        int limit = fields.number("limit", 20, 1, 101);
        fields.check();
        List<ObjectNode> rows = store.rated().stream()
                .skip((page - 1L) * limit)
                .limit(limit)
                .map(message -> message.feedback().orElseThrow().json(message))
                .toList();
        ObjectNode body = Json.object();
        body.putArray("data").addAll(rows);
        call.reply(body);
    }

    private Feedback feedback(Call call, String rating, Optional<Feedback> before) {
        Instant now = Instant.now();
        return new Feedback(
                before.map(Feedback::id).orElseGet(() -> UUID.randomUUID().toString()),
                before.map(Feedback::number).orElseGet(() -> ++count),
                rating,
                call.body().path("content").textValue(),
                before.map(Feedback::createdAt).orElse(now),
                now);
    }
}
