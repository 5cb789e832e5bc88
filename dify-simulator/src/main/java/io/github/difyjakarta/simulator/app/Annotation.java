package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer that the builder of the app has written for a question. Immutable. */
record Annotation(String id, String question, String answer, int hits, long createdAt) {

    private static final String ACCOUNT_ID = EndUsers.id("account");

    /** Dify compares embeddings above a score; here only the same words are alike. */
    boolean answers(String query) {
        return question.strip().equalsIgnoreCase(query.strip());
    }

    Annotation withHit() {
        return new Annotation(id, question, answer, hits + 1, createdAt);
    }

    ObjectNode json() {
        return Json.object()
                .put("id", id)
                .put("question", question)
                .put("answer", answer)
                .put("hit_count", hits)
                .put("created_at", createdAt);
    }

    /** As the metadata of an answer names it. */
    ObjectNode reference() {
        ObjectNode reference = Json.object().put("id", id);
        reference.putObject("account").put("id", ACCOUNT_ID).put("name", "Simulator");
        return reference;
    }
}
