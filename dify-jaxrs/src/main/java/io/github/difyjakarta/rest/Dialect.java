package io.github.difyjakarta.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;

/** How a client wants to be kept alive. */
enum Dialect {
    /** Any client of Dify's: it sees exactly Dify's frames, whose keep-alive is an event without data. */
    DIFY("event: ping\n\n"),
    /** A client that asks for more by {@code Dify-Resume: 1}: comments, which no reader takes for events. */
    RESUME(": keep-alive\n\n");

    private final String keepAlive;

    Dialect(String keepAlive) {
        this.keepAlive = keepAlive;
    }

    static Dialect of(HttpServletRequest request) {
        return "1".equals(request.getHeader("Dify-Resume")) ? RESUME : DIFY;
    }

    /** A whole frame. */
    byte[] keepAlive() {
        return keepAlive.getBytes(StandardCharsets.US_ASCII);
    }
}
