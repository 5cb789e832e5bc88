package io.github.difyjakarta.rest;

import io.github.difyjakarta.sse.SseEncoder;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a client wants events to be written, and to be kept alive. */
enum Dialect {
    /** Any client of Dify's: it sees exactly Dify's frames, whose keep-alive is an event without data. */
    DIFY("event: ping\n\n") {
        @Override
        byte[] frames(long number, List<byte[]> events) {
            return SseEncoder.data(events);
        }
    },
    /**
     * A client that asks for more by {@code Dify-Resume: 1}: events with their numbers, by which it can come back, and comments,
     * which no reader takes for events.
     */
    RESUME(": keep-alive\n\n") {
        @Override
        byte[] frames(long number, List<byte[]> events) {
            return SseEncoder.data(number, events);
        }
    };

    private final String keepAlive;

    Dialect(String keepAlive) {
        this.keepAlive = keepAlive;
    }

    static Dialect of(HttpServletRequest request) {
        return "1".equals(request.getHeader("Dify-Resume")) ? RESUME : DIFY;
    }

    /**
     * Whole frames of events.
     *
     * @param number of the first in its stream, from 1
     */
    abstract byte[] frames(long number, List<byte[]> events);

    /** A whole frame. */
    byte[] keepAlive() {
        return keepAlive.getBytes(StandardCharsets.US_ASCII);
    }
}
