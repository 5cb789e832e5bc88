package io.github.difyjakarta.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** How the app wants to be presented: {@code GET {app}/parameters}, as Dify answers it. */
@Path("{app}")
@InOwnApplication
public class ParametersResource {
    @GET
    @Path("parameters")
    @Produces("application/json")
    public CompletionStage<Response> parameters(
            @PathParam("app") String app, @Context HttpServletRequest request, @Context HttpServletResponse response) {
        Visit visit = Visit.admit(app, request, response);
        return Documents.answer(visit.client().app().parametersAsync().thenApply(answer -> answer.json()
                .json()));
    }
}
