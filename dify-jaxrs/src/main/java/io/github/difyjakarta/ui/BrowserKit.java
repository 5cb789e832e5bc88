package io.github.difyjakarta.ui;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.lang.System.Logger.Level;
import java.util.Set;

/**
 * Puts the scripts of this JAR into an application. Servers serve them without that too (Servlet 6.0, 4.6), but not where the
 * application has a servlet at {@code /*}, and without what has browsers ask for news: after an update of the JAR old scripts
 * would stay in use.
 */
public final class BrowserKit {
    private static final System.Logger LOGGER = System.getLogger(BrowserKit.class.getName());
    private static final String SERVLET_NAME = "dify-ui";

    private BrowserKit() {}

    /**
     * Serves the scripts while the application runs. What the application itself has at that path stays.
     *
     * @param path below the context, such as {@code /dify-ui}
     */
    public static void serve(ServletContext context, String path) {
        // An instance, not a class: the container would otherwise ask CDI for it, which may be off or broken.
        ServletRegistration.Dynamic registration = context.addServlet(SERVLET_NAME, new ScriptServlet());
        Set<String> taken = registration == null ? Set.of(SERVLET_NAME) : registration.addMapping(path + "/*");
        if (!taken.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "{0}/ has a servlet of its own for {1}; the chat's scripts are not served there (dify.ui.path moves them)",
                    context.getContextPath(),
                    String.join(", ", taken));
        }
    }
}
