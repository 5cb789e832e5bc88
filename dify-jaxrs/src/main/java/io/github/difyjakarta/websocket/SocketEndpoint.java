package io.github.difyjakarta.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the container talks to, one for each connection; it hands everything to a {@link SocketChat}. Public for the container, not
 * for applications: a connection that did not come by our servlet is closed.
 */
public final class SocketEndpoint extends Endpoint {
    private static final System.Logger LOGGER = System.getLogger(SocketEndpoint.class.getName());

    /** Let go of at the end: Payara keeps the objects of its last requests, and by them this. */
    private volatile @Nullable Visitor visitor;

    private volatile @Nullable SocketChat chat;

    /** For the container. */
    public SocketEndpoint() {}

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        if (!(session.getUserPrincipal() instanceof Visitor came)) {
            refuse(session);
            return;
        }
        session.setMaxIdleTimeout(0); // ours knows whether an answer runs
        SocketChat opened = came.sockets().open(came, new SessionTransport(session, came.connection()));
        visitor = came;
        chat = opened;
        if (!session.isOpen()) {
            gone(); // closed before there was anything that onClose could have let go of
            return;
        }
        // Of fragments the container joins no more than this; the limit of bytes is that of the chat.
        session.setMaxTextMessageBufferSize(came.sockets().maxMessageBytes());
        session.addMessageHandler(String.class, (MessageHandler.Whole<String>) this::onText);
        session.addMessageHandler(ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>) (piece, last) -> onBinary());
        Sockets.watch(came, opened);
    }

    private void onText(String message) {
        SocketChat current = chat;
        if (current != null) {
            current.onText(message);
        }
    }

    private void onBinary() {
        SocketChat current = chat;
        if (current != null) {
            current.onBinary();
        }
    }

    private static void refuse(Session session) {
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "unauthorized"));
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "A stranger was gone before the refusal", e);
        }
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        gone();
    }

    private void gone() {
        Visitor came = visitor;
        SocketChat opened = chat;
        visitor = null;
        chat = null;
        if (came != null && opened != null) {
            came.sockets().remove(opened);
        }
    }

    /** A browser that is gone, or a message beyond a limit of the container's; what it means, {@link #onClose} tells. */
    @Override
    public void onError(Session session, Throwable cause) {
        LOGGER.log(System.Logger.Level.DEBUG, "A WebSocket has failed", cause);
    }
}
