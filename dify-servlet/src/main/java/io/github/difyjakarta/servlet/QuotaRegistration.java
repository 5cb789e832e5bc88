package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Quotas;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts {@link QuotaFilter} in front of an application that has not mapped it itself, but behind the application's own filters: one
 * of them may be what tells who is logged in.
 */
final class QuotaRegistration {

    private static final System.Logger LOG = System.getLogger(QuotaRegistration.class.getName());

    private static final String FILTER_NAME = "dify-quota";

    private QuotaRegistration() {}

    static void register(ServletContext context, Function<String, Optional<String>> lookup) throws ServletException {
        List<FilterRegistration> own =
                new ArrayList<>(context.getFilterRegistrations().values());
        own.removeIf(filter -> !QuotaFilter.class.getName().equals(filter.getClassName()));
        if (!own.isEmpty()) {
            for (FilterRegistration filter : own) {
                // What is wrong with its settings is said by the filter itself, when it starts.
                QuotaSettings settings = QuotaSettings.from(
                        QuotaFilter.lookup(lookup, filter::getInitParameter), new Settings.Problems());
                if (settings.enabled()) {
                    declareRoles(context, settings);
                }
            }
            return;
        }
        QuotaSettings settings = QuotaSettings.read(lookup);
        if (!settings.enabled()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Quotas are off in {0}/, since {1}enabled=false",
                    context.getContextPath(),
                    QuotaSettings.PREFIX);
            return;
        }
        // Throws here, where the application can still start, if the libraries are not on the class path.
        Quotas.inMemory(settings.quotas()).close();
        FilterRegistration.Dynamic registration = context.addFilter(FILTER_NAME, new QuotaFilter(settings));
        if (registration == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}/ has a filter named {1} of its own; quotas are not set up",
                    context.getContextPath(),
                    FILTER_NAME);
            return;
        }
        declareRoles(context, settings);
        registration.setAsyncSupported(true);
        // To everything: the filter itself knows what its patterns mean, spelled in whatever way. FORWARD and ASYNC:
        // a request may come to a counted URL by way of another one.
        registration.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC), true, "/*");
    }

    /** A server may say no to whoever is in a role that nobody has declared: Payara does. */
    private static void declareRoles(ServletContext context, QuotaSettings settings) {
        context.declareRoles(settings.quotas().roles().keySet().toArray(String[]::new));
    }
}
