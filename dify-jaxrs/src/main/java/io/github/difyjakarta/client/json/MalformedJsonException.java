package io.github.difyjakarta.client.json;

import java.io.IOException;

/** What should be a JSON object is none. The message never quotes it: it may hold a user's words. */
public final class MalformedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedJsonException(String message) {
        super(message);
    }

    /** The cause is named by its type only; Jackson's own message quotes the source. */
    MalformedJsonException(String message, IOException cause) {
        super(message + " (" + cause.getClass().getSimpleName() + ")");
    }
}
