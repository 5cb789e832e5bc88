package io.github.difyjakarta.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * Only {@code response_mode} decides between stream and document, as at Dify: clients send every kind of {@code Accept}, and
 * it is never a reason to refuse.
 */
@PreMatching
public class AcceptAnything implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        request.getHeaders().putSingle(HttpHeaders.ACCEPT, "*/*");
    }
}
