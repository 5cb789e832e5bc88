package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.DifySettings;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.servlet.Settings;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Found by the container in this JAR: sets WebSockets up, where the server has them and some app of the settings offers them.
 * Public for the container, not for applications. Nothing that goes wrong here keeps the application from starting.
 */
public final class SocketInitializer implements ServletContainerInitializer {
    private static final System.Logger LOGGER = System.getLogger(SocketInitializer.class.getName());

    /** For the container. */
    public SocketInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        try {
            Class.forName("jakarta.websocket.server.ServerContainer", false, SocketInitializer.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            LOGGER.log(Level.INFO, "This server has no WebSockets; {0}/ is without them", context.getContextPath());
            return;
        }
        try {
            DifySettings settings = DifySettings.from(Settings.lookup(context)); // what is wrong, others say
            boolean offered = settings.named().stream().anyMatch(app -> settings.offers(app, EndpointGroup.WEBSOCKET));
            if (offered) {
                SocketRegistration.register(context, settings.websocket());
            }
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(
                    Level.ERROR,
                    "WebSockets are not set up in " + context.getContextPath() + "/; the application starts without",
                    e);
        }
    }
}
