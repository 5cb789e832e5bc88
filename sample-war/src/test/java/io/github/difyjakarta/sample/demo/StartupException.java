package io.github.difyjakarta.sample.demo;

/** The server or its application did not start; the message tells a person why and what to do. */
public final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StartupException(String message) {
        super(message);
    }

    StartupException(String message, Throwable cause) {
        super(message, cause);
    }
}
