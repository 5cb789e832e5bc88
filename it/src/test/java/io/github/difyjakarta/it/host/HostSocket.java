package io.github.difyjakarta.it.host;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** A WebSocket that the application had before. */
@ServerEndpoint("/echo")
public class HostSocket {
    /** {@return what was said} */
    @OnMessage
    public String echo(String message) {
        return message;
    }
}
