package io.github.difyjakarta.it.host;

import io.github.difyjakarta.servlet.CallerResolver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** A login of the application's own: the container knows nobody. Believes what it is shown, which is enough for a test. */
@ApplicationScoped
public class Badges implements CallerResolver {

    @Override
    public Optional<String> callerOf(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("X-Badge"));
    }

    @Override
    public boolean isInRole(HttpServletRequest request, String role) {
        return role.equals(request.getHeader("X-Role"));
    }
}
