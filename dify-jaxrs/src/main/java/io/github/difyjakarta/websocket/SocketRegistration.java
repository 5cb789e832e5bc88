package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.WebSocketSettings;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;

/** Puts the servlet into the application, and the endpoint behind it. */
final class SocketRegistration {
    private static final System.Logger LOGGER = System.getLogger(SocketRegistration.class.getName());

    /**
     * Where the endpoint lies in the container's own table, which some containers ask when they upgrade. Nobody else's path: on
     * Payara two endpoints at one path would take all others of the application down with them. Whoever goes there is refused.
     */
    private static final String INNER_PATH = "/io.github.difyjakarta.websocket";

    private SocketRegistration() {}

    static void register(ServletContext context, WebSocketSettings settings) {
        Sockets sockets = new Sockets(settings);
        SocketServlet servlet = new SocketServlet(sockets, settings);
        ServletRegistration.Dynamic registration = context.addServlet(SocketServlet.NAME, servlet);
        Set<String> taken =
                registration == null ? Set.of(SocketServlet.NAME) : registration.addMapping(settings.path() + "/*");
        if (!taken.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "{0}/ has a servlet of its own for {1}; WebSockets are not set up (dify.websocket.path moves them)",
                    context.getContextPath(),
                    taken);
            return;
        }
        context.addListener(new Lifecycle(sockets, servlet));
    }

    private record Lifecycle(Sockets sockets, SocketServlet servlet)
            implements ServletContextListener, HttpSessionListener, HttpSessionIdListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletContext context = event.getServletContext();
            if (!(context.getAttribute(ServerContainer.class.getName()) instanceof ServerContainer container)) {
                LOGGER.log(Level.INFO, "This server has no WebSockets; {0}/ is without them", context.getContextPath());
                return;
            }
            ServerEndpointConfig endpoint = ServerEndpointConfig.Builder.create(SocketEndpoint.class, INNER_PATH)
                    .configurator(new OwnEndpoints())
                    .build();
            try {
                container.addEndpoint(endpoint);
                servlet.openBy(container, endpoint);
            } catch (DeploymentException | IllegalStateException e) {
                LOGGER.log(Level.ERROR, "The server takes no WebSocket endpoint; there are none of ours", e);
            }
        }

        /** Again, for servers that end servlets last. */
        @Override
        public void contextDestroyed(ServletContextEvent event) {
            sockets.shutDown();
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            sockets.sessionEnded(event.getSession().getId());
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String oldId) {
            sockets.sessionRenamed(oldId, event.getSession().getId());
        }
    }

    /** Makes endpoints without asking CDI, which may be off, and has nothing compressed: a limit of bytes counts what came. */
    private static final class OwnEndpoints extends ServerEndpointConfig.Configurator {
        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new SocketEndpoint());
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return List.of();
        }
    }
}
