package io.github.difyjakarta.client.event;

import java.util.List;

/**
 * The text of a workflow that came from one variable.
 *
 * @param selector the variable: node id, then names; empty where Dify did not say
 * @param text all of it
 */
public record TextPart(List<String> selector, String text) {
    /** Copies the selector. */
    public TextPart {
        selector = List.copyOf(selector);
    }
}
