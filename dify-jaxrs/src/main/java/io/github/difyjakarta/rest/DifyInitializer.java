package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.DifySettings;
import io.github.difyjakarta.servlet.Settings;
import io.github.difyjakarta.ui.BrowserKit;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Found by the container in this JAR: reads the settings when the application starts, says what is wrong with them in one
 * message, and ends everything when it stops. With {@code dify.strict=true} wrong settings fail the deployment; without it
 * nothing that goes wrong here keeps the application from starting.
 */
public final class DifyInitializer implements ServletContainerInitializer {
    private static final System.Logger LOGGER = System.getLogger(DifyInitializer.class.getName());

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) throws ServletException {
        DifySettings settings;
        try {
            settings = DifySettings.from(Settings.lookup(context));
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "The settings of Dify cannot be read; the application starts without it", e);
            return;
        }
        Optional<String> problems = settings.problemMessage();
        if (problems.isPresent() && settings.strict()) {
            throw new ServletException(problems.get());
        }
        problems.ifPresent(message -> LOGGER.log(
                Level.ERROR,
                "{0} (the application starts without it; dify.strict=true would have failed its deployment)",
                message));
        context.addListener(new Lifecycle(settings));
        registerSiteFilter(context, settings);
        BrowserKit.serve(context, settings.uiPath());
        declareRoles(context, settings);
    }

    /** A server may say no to whoever is in a role that nobody has declared: Payara does. */
    private static void declareRoles(ServletContext context, DifySettings settings) {
        settings.access().values().forEach(access -> access.roles().forEach(context::declareRoles));
    }

    /** Before the filters of the host: what is refused must not reach them, and must not cost a quota. */
    private static void registerSiteFilter(ServletContext context, DifySettings settings) {
        FilterRegistration.Dynamic filter = context.addFilter("dify-site", new SiteFilter(settings.sites()));
        if (filter != null) {
            filter.setAsyncSupported(true);
            // To everything, since the endpoints may be mapped anywhere: it looks for their servlet's name.
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD), false, "/*");
        }
    }

    private static final class Lifecycle implements ServletContextListener {
        private final DifySettings settings;

        Lifecycle(DifySettings settings) {
            this.settings = settings;
        }

        @Override
        public void contextInitialized(ServletContextEvent event) {
            DifyClients.start(settings);
            if (!settings.unencrypted().isEmpty()) {
                LOGGER.log(
                        Level.WARNING,
                        "The keys and questions of the apps {0} go to Dify unencrypted: dify.api-url should be https,"
                                + " unless the network is trusted",
                        String.join(", ", settings.unencrypted()));
            }
            if (settings.problems().isEmpty()) {
                LOGGER.log(
                        Level.INFO,
                        "Dify is ready below {0}/dify for the apps {1}",
                        event.getServletContext().getContextPath(),
                        String.join(", ", settings.apps().keySet()));
            }
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            DifyClients.stop();
        }
    }
}
