package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.event.DifyFrame;
import java.util.List;
import java.util.Optional;

/**
 * Whether an answer goes on with the conversation that its question named. A chatflow of Dify 1.15 begins another one without
 * a word where it does not know that one; every other release refuses. An answer that knows nothing of what was said before
 * is none to the question, so it is refused here.
 *
 * <p>Immutable.
 *
 * @param asked the conversation's id; empty for a new one, which every answer goes on with
 */
record Continuation(Optional<String> asked) {
    /** Whether events that came together name another conversation; those of one stream all name the same. */
    boolean isBrokenBy(List<DifyFrame> frames) {
        for (int i = 0; i < frames.size() && asked.isPresent(); i++) {
            Optional<String> told = frames.get(i).conversationId();
            if (told.isPresent()) {
                return isBrokenBy(told);
            }
        }
        return false;
    }

    /** Whether an answer names another conversation; one that names none may be of any. */
    boolean isBrokenBy(Optional<String> told) {
        return asked.isPresent()
                && told.filter(id -> !id.equalsIgnoreCase(asked.get())).isPresent();
    }

    /** The same refusal as that of the releases that do refuse. */
    static DifyApiException refusal(DifyApiException.Reply reply) {
        return new DifyApiException(
                404, "not_found", "Dify does not know this conversation, and began another one in its place", reply);
    }
}
