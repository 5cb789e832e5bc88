package io.github.difyjakarta.it.host;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What old applications do about errors. */
@Provider
public class CatchAll implements ExceptionMapper<Throwable> {
    @Override
    public Response toResponse(Throwable failure) {
        return Response.status(418).entity("the host's own error page").build();
    }
}
