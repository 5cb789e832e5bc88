package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The annotations of the app, and whether they answer questions. Confined to the event loop. */
final class Annotations {

    private static final int MAX_ROWS = 100;
    /** Above it the oldest is forgotten. */
    private static final int MAX_ANNOTATIONS = 10_000;

    private final AnnotationReply reply;
    private final Map<String, Annotation> annotations = new LinkedHashMap<>();

    Annotations(AnnotationReply reply) {
        this.reply = reply;
    }

    /** The annotation that answers this question. */
    Optional<Annotation> answerTo(String query) {
        if (!reply.isEnabled()) {
            return Optional.empty();
        }
        return annotations.values().stream()
                .filter(annotation -> annotation.answers(query))
                .findFirst();
    }

    /** Counts that it has answered. */
    void hit(Annotation annotation) {
        annotations.put(annotation.id(), annotation.withHit());
    }

    void create(Call call) {
        Annotation fresh =
                written(call, UUID.randomUUID().toString(), 0, Instant.now().getEpochSecond());
        annotations.put(fresh.id(), fresh);
        if (annotations.size() > MAX_ANNOTATIONS) {
            annotations.remove(annotations.keySet().iterator().next());
        }
        call.reply(201, fresh.json());
    }

    void update(Call call) {
        // The body is looked at first: an unknown annotation with a broken body is a broken body.
        Annotation written = written(call, call.variable(), 0, 0);
        Annotation old = existing(call);
        Annotation updated =
                new Annotation(old.id(), written.question(), written.answer(), old.hits(), old.createdAt());
        annotations.put(updated.id(), updated);
        call.reply(updated.json());
    }

    void delete(Call call) {
        annotations.remove(existing(call).id());
        call.exchange().reply(Reply.noContent());
    }

    /** Latest first. Whether there is more is only guessed, as Dify does it: see the contract's pagination trap. */
    void list(Call call) {
        Validation fields = Validation.ofQuery("AnnotationListQuery", call.query());
        int page = fields.number("page", 1, 1, Integer.MAX_VALUE);
        int limit = fields.number("limit", 20, 1, Integer.MAX_VALUE);
        String keyword = fields.text("keyword", false).toLowerCase(Locale.ROOT);
        fields.check();
        List<Annotation> found = new ArrayList<>(annotations.values());
        found.removeIf(annotation -> !(annotation.question() + "\n" + annotation.answer())
                .toLowerCase(Locale.ROOT)
                .contains(keyword));
        Collections.reverse(found);
        int rows = Math.min(limit, MAX_ROWS);
        List<ObjectNode> shown = found.stream()
                .skip((page - 1L) * rows)
                .limit(rows)
                .map(Annotation::json)
                .toList();
        ObjectNode body = Json.object();
        body.putArray("data").addAll(shown);
        call.reply(body.put("has_more", shown.size() == limit)
                .put("limit", limit)
                .put("total", found.size())
                .put("page", page));
    }

    private static Annotation written(Call call, String id, int hits, long createdAt) {
        Validation fields = new Validation("AnnotationCreatePayload", call.body());
        String question = fields.text("question", true);
        String answer = fields.text("answer", true);
        fields.check();
        return new Annotation(id, question, answer, hits, createdAt);
    }

    private Annotation existing(Call call) {
        return Optional.ofNullable(annotations.get(call.variable()))
                .orElseThrow(() -> Refusal.notFound("Annotation not found"));
    }
}
