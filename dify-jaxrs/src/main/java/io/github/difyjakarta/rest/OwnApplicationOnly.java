package io.github.difyjakarta.rest;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Configuration;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers 404 where a host application that scans for resources has picked up ours: below its path they would be reachable
 * past the constraints that an administrator set on our own. A provider by annotation, so that the same scanning picks it up.
 */
@Provider
@InOwnApplication
public class OwnApplicationOnly implements ContainerRequestFilter {
    @Context
    @SuppressWarnings("NullAway.Init") // injected
    private Configuration configuration;

    @Override
    public void filter(ContainerRequestContext request) {
        if (!Boolean.TRUE.equals(configuration.getProperty(DifyApplication.OWN))) {
            throw new NotFoundException();
        }
    }
}
