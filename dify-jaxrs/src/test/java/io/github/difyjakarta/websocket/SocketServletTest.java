package io.github.difyjakarta.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.app.WebSocketSettings;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketServletTest {
    private final Sockets sockets = new Sockets(WebSocketSettings.DEFAULTS);
    private final SocketServlet servlet = new SocketServlet(sockets, WebSocketSettings.DEFAULTS);
    private final Map<String, Object> said = new HashMap<>();

    private static <T> T stub(Class<T> type, InvocationHandler answers) {
        return type.cast(
                Proxy.newProxyInstance(SocketServletTest.class.getClassLoader(), new Class<?>[] {type}, answers));
    }

    private static <T> T stub(Class<T> type) {
        return stub(type, (proxy, method, arguments) -> {
            throw new UnsupportedOperationException(method.getName());
        });
    }

    /** Keeps the status and the headers. */
    private HttpServletResponse response() {
        return stub(HttpServletResponse.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "setStatus" -> said.put("status", arguments[0]);
            case "setHeader" -> said.put((String) arguments[0], arguments[1]);
            case "getOutputStream" -> new Kept();
            default -> null;
        });
    }

    private static final class Kept extends ServletOutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int octet) {
            bytes.write(octet);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("blocking only");
        }
    }

    @Test
    void saysWhenToComeBackToAnApplicationThatIsBeingUndeployed() throws Exception {
        servlet.openBy(stub(ServerContainer.class), stub(ServerEndpointConfig.class));
        servlet.destroy();
        servlet.service(stub(HttpServletRequest.class), response());
        assertThat(said).containsEntry("status", 503).containsEntry("Retry-After", "5");
    }
}
