package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;

/**
 * A button of a {@link HumanInputForm}.
 *
 * @param json all of it, as it came
 */
public record FormAction(DifyJson json) {
    /** To be sent with the form; at most 20 characters. */
    public String id() {
        return json.text("id");
    }

    /** Its text. */
    public String title() {
        return json.text("title");
    }

    /** {@code primary}, {@code default}, {@code accent}, {@code ghost}, or a newer one. */
    public String buttonStyle() {
        return json.text("button_style");
    }
}
