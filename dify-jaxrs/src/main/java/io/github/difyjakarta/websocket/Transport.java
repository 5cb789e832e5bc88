package io.github.difyjakarta.websocket;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** A WebSocket as far as sending needs it. Never blocks. */
interface Transport {
    /**
     * Sends a text frame. Not called again before the last one is taken.
     *
     * @param taken is told once, on any thread and perhaps before this returns, when the peer's side has taken it or why it never
     *     will; the container may hold locks of its own then
     * @throws RuntimeException where it is closed; {@code taken} is told nothing then
     */
    void text(String json, Consumer<Optional<Throwable>> taken);

    /** Sends a ping frame. */
    void ping() throws IOException;

    /** Sends a close frame, and ends. */
    void close(int code, String reason) throws IOException;

    /** Ends the connection itself, with what it holds, where the server allows that. */
    void terminate();
}
