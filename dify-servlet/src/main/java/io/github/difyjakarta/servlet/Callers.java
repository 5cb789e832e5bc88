package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.ClientAddress;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.Quotas;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.Optional;

/**
 * Whose quota a request counts for: the user's, or that of the address if nobody is logged in. A cookie is no identity here: who
 * throws it away would have a new quota. Thread-safe.
 */
record Callers(Quotas quotas, CallerResolver resolver, ClientAddress address) {

    private static final System.Logger LOG = System.getLogger(Callers.class.getName());

    /**
     * By the class that the settings name, else by the application's bean, else by the container. A resolver that cannot be had is
     * logged, and the next of these is asked.
     */
    static Callers from(QuotaSettings settings, Quotas quotas, ClassLoader application) {
        return new Callers(
                quotas,
                settings.callerResolver()
                        .flatMap(name -> named(name, application))
                        .or(Callers::bean)
                        .orElse(Callers::principal),
                settings.address());
    }

    private static Optional<CallerResolver> bean() {
        try {
            return CallerBean.find();
        } catch (IllegalStateException | LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, "No CDI here: the container tells who calls", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The container tells who calls, not a bean of the application", e);
        }
        return Optional.empty();
    }

    private static Optional<CallerResolver> named(String name, ClassLoader application) {
        try {
            return Optional.of(application
                    .loadClass(name)
                    .asSubclass(CallerResolver.class)
                    .getConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    QuotaSettings.PREFIX + "caller-resolver must be a public class that implements "
                            + CallerResolver.class.getName()
                            + " and has a public constructor without parameters, not " + name
                            + "; the container is asked in its place",
                    e);
            return Optional.empty();
        }
    }

    static Optional<String> principal(HttpServletRequest request) {
        return Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName);
    }

    QuotaCaller of(HttpServletRequest request) {
        Optional<String> name = resolver.callerOf(request).filter(found -> !found.isBlank());
        if (name.isPresent()) {
            return quotas.caller(name.get(), role -> resolver.isInRole(request, role));
        }
        return quotas.anonymous(address.of(
                String.valueOf(request.getRemoteAddr()), Collections.list(request.getHeaders(address.headerName()))));
    }
}
