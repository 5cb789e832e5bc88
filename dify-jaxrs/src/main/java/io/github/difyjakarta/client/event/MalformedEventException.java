package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.MalformedJsonException;
import java.io.IOException;

/** An event that is not what Dify's contract says. The message never quotes it: it may hold a user's words. */
public final class MalformedEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedEventException(String message) {
        super(message);
    }

    /** The cause is kept for its type only; Jackson's own message quotes the source. */
    MalformedEventException(String message, IOException cause) {
        super(message + " (" + cause.getClass().getSimpleName() + ")");
    }

    MalformedEventException(String message, MalformedJsonException cause) {
        super(message + ": " + cause.getMessage());
    }
}
