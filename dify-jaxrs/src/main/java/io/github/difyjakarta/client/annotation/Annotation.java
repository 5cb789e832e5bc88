package io.github.difyjakarta.client.annotation;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/**
 * A question, and what is to be answered.
 *
 * @param json all of it, as it came
 */
public record Annotation(DifyJson json) {
    /** Of the annotation. */
    public String id() {
        return json.text("id");
    }

    /** What is asked; may be empty. */
    public String question() {
        return json.text("question");
    }

    /** What is answered; may be empty. */
    public String answer() {
        return json.text("answer");
    }

    /** How often it was given. */
    public long hitCount() {
        return json.number("hit_count");
    }

    /** When it was written, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }
}
