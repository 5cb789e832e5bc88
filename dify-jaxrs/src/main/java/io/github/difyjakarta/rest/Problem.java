package io.github.difyjakarta.rest;

import io.github.difyjakarta.relay.RelayError;

/** Ends a request with a problem document, which {@link ProblemMapper} makes of it. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 2;

    private final transient RelayError error;

    Problem(RelayError error) {
        super(error.code() + ": " + error.message());
        this.error = error;
    }

    Problem(RelayError error, Throwable cause) {
        super(error.code() + ": " + error.message(), cause);
        this.error = error;
    }

    RelayError error() {
        return error;
    }
}
