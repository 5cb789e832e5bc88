package io.github.difyjakarta.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.app.AppAccess;
import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.DifySettings;
import io.github.difyjakarta.app.WebSocketSettings;
import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.relay.EventPolicy;
import io.github.difyjakarta.servlet.UpgradedConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketEndpointTest {
    private final DifyClients clients = DifyClients.start(DifySettings.from(key -> Optional.empty()));
    private final Sockets sockets = new Sockets(WebSocketSettings.DEFAULTS);
    private final SocketEndpoint endpoint = new SocketEndpoint();
    private final EndpointConfig config = stub(EndpointConfig.class, (proxy, method, arguments) -> null);

    private static <T> T stub(Class<T> type, InvocationHandler answers) {
        return type.cast(
                Proxy.newProxyInstance(SocketEndpointTest.class.getClassLoader(), new Class<?>[] {type}, answers));
    }

    @AfterEach
    void stop() {
        DifyClients.stop();
    }

    private Visitor visitor() {
        HttpServletRequest foreign = stub(HttpServletRequest.class, (proxy, method, arguments) -> "");
        return new Visitor(
                "ada",
                "ada",
                clients.client("default"),
                AppAccess.DEFAULTS,
                EventPolicy.DEFAULT,
                Allowance.UNLIMITED,
                PlainFrames::new,
                Optional.empty(),
                UpgradedConnection.of(foreign),
                sockets);
    }

    private Session session(boolean open) {
        Visitor visitor = visitor();
        return stub(Session.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getUserPrincipal" -> visitor;
            case "isOpen" -> open;
            default -> null;
        });
    }

    /** There is a clock as long as there is a socket. */
    private boolean anyIsKept() {
        return !((DaemonTimer) clients.timer()).getQueue().isEmpty();
    }

    @Test
    void oneThatWasClosedWhileItWasOpenedIsNotKept() {
        endpoint.onOpen(session(false), config);
        assertThat(anyIsKept()).isFalse();
    }

    @Test
    void anotherIsKeptUntilItIsClosed() {
        Session session = session(true);
        endpoint.onOpen(session, config);
        assertThat(anyIsKept()).isTrue();
        endpoint.onClose(session, new CloseReason(CloseReason.CloseCodes.GOING_AWAY, ""));
        assertThat(anyIsKept()).isFalse();
    }
}
