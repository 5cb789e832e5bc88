package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.WebSocketSettings;
import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens the WebSockets. A servlet, and not the endpoint at that path, so that a handshake comes as any request: through all
 * filters, whatever they make of its user, and past the constraints of {@code web.xml}; and so that who is refused gets a status
 * and a reason. Thread-safe.
 */
final class SocketServlet extends HttpServlet {
    /** Quotas know it by this name, and do not count it. */
    static final String NAME = "io.github.difyjakarta.websocket";

    private static final long serialVersionUID = 1;

    private static final System.Logger LOGGER = System.getLogger(SocketServlet.class.getName());

    private final transient Sockets sockets;
    private final transient Gate gate;
    private transient volatile @Nullable Opening opening;

    /** What opens them. */
    private record Opening(ServerContainer container, ServerEndpointConfig endpoint) {}

    SocketServlet(Sockets sockets, WebSocketSettings settings) {
        this.sockets = sockets;
        this.gate = new Gate(sockets, settings);
    }

    /** The container is there. */
    void openBy(ServerContainer container, ServerEndpointConfig endpoint) {
        opening = new Opening(container, endpoint);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Opening current = opening;
        if (current == null) {
            refuse(response, RelayError.of(503, "not_configured", "This server has no WebSockets."));
            return;
        }
        Gate.Verdict verdict = gate.admit(request, response);
        if (verdict instanceof Visitor visitor) {
            Handshake handshake = new Handshake(request, visitor);
            try {
                current.container().upgradeHttpToWebSocket(handshake, response, current.endpoint(), Map.of());
            } catch (IOException e) {
                LOGGER.log(System.Logger.Level.DEBUG, "A browser was gone before its WebSocket was open", e);
            } catch (DeploymentException e) {
                throw new ServletException("The container does not open a WebSocket", e);
            } finally {
                handshake.letFiltersGo();
            }
        } else if (verdict instanceof Gate.Refused refused) {
            refuse(response, refused.error());
        }
    }

    private static void refuse(HttpServletResponse response, RelayError error) throws IOException {
        byte[] problem = error.toProblem();
        response.setStatus(error.status());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        error.retryAfter().ifPresent(wait -> response.setHeader("Retry-After", Long.toString(wait.toSeconds())));
        response.setContentType("application/problem+json");
        response.setContentLength(problem.length);
        response.getOutputStream().write(problem);
    }

    /** The application ends: its servlets hear of it first, while the container still keeps connections open. */
    @Override
    public void destroy() {
        sockets.shutDown();
    }

    /** A request whose user is who was let in. */
    private static final class Handshake extends HttpServletRequestWrapper {
        private final Visitor visitor;

        Handshake(HttpServletRequest request, Visitor visitor) {
            super(request);
            this.visitor = visitor;
        }

        @Override
        public Principal getUserPrincipal() {
            return visitor;
        }

        /**
         * Whatever filters have wrapped around the request is done. Grizzly remembers the handshake for as long as it keeps the
         * request for the next one, which is longer than the WebSocket lasts.
         */
        void letFiltersGo() {
            while (getRequest() instanceof HttpServletRequestWrapper wrapper) {
                setRequest(wrapper.getRequest());
            }
        }
    }
}
