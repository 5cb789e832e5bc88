package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;

/**
 * What a user may want to ask next.
 *
 * @param enabled whether the app suggests questions at all
 * @param questions none is a normal answer
 */
public record SuggestedQuestions(boolean enabled, List<String> questions) {
    static final SuggestedQuestions DISABLED = new SuggestedQuestions(false, List.of());

    static SuggestedQuestions of(DifyJson json) {
        return new SuggestedQuestions(true, json.texts("data"));
    }
}
