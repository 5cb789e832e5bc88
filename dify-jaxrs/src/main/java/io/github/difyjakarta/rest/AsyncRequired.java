package io.github.difyjakarta.rest;

import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;

/**
 * Says what is wrong where a filter of the host's keeps requests from being asynchronous: the server itself would answer with
 * a page about its internals.
 */
@InOwnApplication
public class AsyncRequired implements ContainerRequestFilter {
    @Context
    @SuppressWarnings("NullAway.Init") // injected
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext context) {
        if (!request.isAsyncSupported()) {
            throw new Problem(RelayError.of(
                    503,
                    "not_configured",
                    "Chat needs asynchronous requests: a filter or servlet of this application that covers this path must"
                            + " have <async-supported>true</async-supported> or asyncSupported = true."));
        }
    }
}
