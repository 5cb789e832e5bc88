package io.github.difyjakarta.quota;

import org.jspecify.annotations.Nullable;

/** A store did not answer in time, or not with anything that makes sense. */
final class StoreUnavailable extends Exception {

    private static final long serialVersionUID = 1;

    StoreUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
