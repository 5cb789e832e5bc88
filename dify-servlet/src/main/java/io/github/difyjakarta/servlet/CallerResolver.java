package io.github.difyjakarta.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Tells a {@link QuotaFilter} whose quota a request counts for, in applications whose users are not the container's. Either a CDI
 * bean of the application, best {@code @ApplicationScoped}, or named by {@code dify.quota.caller-resolver}: a public class with a
 * public constructor without parameters. The one that is named comes first. Must be thread-safe.
 */
@FunctionalInterface
public interface CallerResolver {

    /**
     * The name of the user who is logged in; empty for everybody else, whose quota is that of their address. The client's own word
     * (a header, a parameter, an unsigned cookie) is none. An exception fails the request.
     */
    Optional<String> callerOf(HttpServletRequest request);

    /** Whether this caller has one of the roles of {@code dify.quota.roles}; by default, whether the container says so. */
    default boolean isInRole(HttpServletRequest request, String role) {
        return request.isUserInRole(role);
    }
}
