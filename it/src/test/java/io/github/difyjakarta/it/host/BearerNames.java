package io.github.difyjakarta.it.host;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;

/** Logs in whoever sends {@code Authorization: Bearer app-<name>}: the host's own tokens, where clients have Dify's key. */
@ApplicationScoped
public class BearerNames implements HttpAuthenticationMechanism {
    private static final String PREFIX = "Bearer app-";

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.startsWith(PREFIX)
                ? context.notifyContainerAboutLogin(authorization.substring(PREFIX.length()), Set.of("user"))
                : context.doNothing();
    }
}
