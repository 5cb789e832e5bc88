package io.github.difyjakarta.websocket;

import io.github.difyjakarta.servlet.UpgradedConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/** The container's session. Its asynchronous sends never block, on Payara either; its blocking ones have no time limit there. */
record SessionTransport(Session session, UpgradedConnection connection) implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    @Override
    public void text(String json, Consumer<Optional<Throwable>> taken) {
        session.getAsyncRemote().sendText(json, result -> taken.accept(failure(result)));
    }

    private static Optional<Throwable> failure(SendResult result) {
        return result.isOK()
                ? Optional.empty()
                : Optional.of(
                        result.getException() == null
                                ? new IOException("the container does not say why")
                                : result.getException());
    }

    @Override
    public void ping() throws IOException {
        session.getAsyncRemote().sendPing(NOTHING.duplicate());
    }

    @Override
    public void close(int code, String reason) throws IOException {
        if (session.isOpen()) {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
        }
    }

    @Override
    public void terminate() {
        connection.terminate();
    }
}
