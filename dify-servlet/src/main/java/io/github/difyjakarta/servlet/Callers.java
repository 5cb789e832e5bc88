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

    /** As the settings say; a resolver that cannot be had is logged, and the container is asked. */
    static Callers from(QuotaSettings settings, Quotas quotas, ClassLoader application) {
        return new Callers(
                quotas,
                settings.callerResolver()
                        .flatMap(name -> named(name, application))
                        .orElse(Callers::principal),
                settings.address());
    }

    private static Optional<CallerResolver> named(String name, ClassLoader application) {
        try {
            return Optional.of(application
                    .loadClass(name)
                    .asSubclass(CallerResolver.class)
                    .getConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException | ClassCastException e) {
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
