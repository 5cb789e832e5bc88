package io.github.difyjakarta.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Found by the container in this JAR, registers {@link StreamingFilter} in front of the application's own filters and
 * {@link QuotaFilter} behind them. Public for the container, not for applications. An application that maps one of them itself
 * keeps its own mapping, and nothing that goes wrong here keeps it from starting, unless {@code dify.strict=true} asks for that.
 *
 * <p>Settings: {@code dify.quota.…} and {@code dify.streaming.enabled} (true) and {@code dify.streaming.url-patterns} (a comma list, {@code /*});
 * further ones are the filter's.
 */
public final class ServletInitializer implements ServletContainerInitializer {

    private static final System.Logger LOG = System.getLogger(ServletInitializer.class.getName());

    private static final String FILTER_NAME = "dify-streaming";
    static final String ENABLED = "dify.streaming.enabled";
    static final String URL_PATTERNS = "dify.streaming.url-patterns";

    /** For the container. */
    public ServletInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) throws ServletException {
        try {
            QuotaRegistration.register(context, Settings.lookup(context));
        } catch (RuntimeException | LinkageError e) { // the latter where the libraries of quotas are not there
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Quotas are not set up in " + context.getContextPath() + "/; the application starts without them",
                    e);
        }
        try {
            registerStreaming(context, Settings.lookup(context));
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Streaming is not set up in " + context.getContextPath() + "/; the application starts without it",
                    e);
        }
    }

    private static void registerStreaming(ServletContext context, Function<String, Optional<String>> lookup) {
        Settings.Problems problems = new Settings.Problems();
        boolean enabled = problems.read(lookup, ENABLED, true, Settings::bool);
        List<String> patterns = problems.read(lookup, URL_PATTERNS, List.of("/*"), Settings::list);
        HostStreams hosts = HostStreams.from(lookup, problems);
        problems.throwIfAny();
        if (!enabled) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Streaming filter is off in {0}/, since {1}=false",
                    context.getContextPath(),
                    ENABLED);
            return;
        }
        if (isRegistered(context)) {
            return;
        }
        // An instance, not a class: the container would otherwise ask CDI for it, which may be off or broken.
        FilterRegistration.Dynamic registration = context.addFilter(FILTER_NAME, new StreamingFilter(hosts));
        if (registration == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}/ has a filter named {1} of its own; the streaming filter is not set up",
                    context.getContextPath(),
                    FILTER_NAME);
            return;
        }
        registration.setAsyncSupported(true);
        // FORWARD: a rewriting filter in web.xml runs before us and may forward past our REQUEST mapping. ASYNC: a
        // dispatched request comes back with the container's own response. Who was wrapped once is not wrapped again.
        registration.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC),
                false,
                patterns.toArray(String[]::new));
    }

    private static boolean isRegistered(ServletContext context) {
        return context.getFilterRegistrations().values().stream()
                .anyMatch(filter -> StreamingFilter.class.getName().equals(filter.getClassName()));
    }
}
