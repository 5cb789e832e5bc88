package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;

/**
 * The annotation that was given for an answer. No model ran then.
 *
 * @param json all of it, as it came
 */
public record AnnotationReply(DifyJson json) {
    /** Of the annotation. */
    public String id() {
        return json.text("id");
    }

    /** Who wrote it. */
    public String accountId() {
        return json.object("account").text("id");
    }

    /** The name of who wrote it. */
    public String accountName() {
        return json.object("account").text("name");
    }
}
