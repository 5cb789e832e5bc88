package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.lang.System.Logger.Level;

/** What no resource has turned into an answer: never a page of the server's with a stack trace. */
public class ProblemMapper implements ExceptionMapper<RuntimeException> {
    private static final System.Logger LOGGER = System.getLogger(ProblemMapper.class.getName());

    @Override
    public Response toResponse(RuntimeException failure) {
        if (failure instanceof Problem problem) {
            return Reply.problem(problem.error()).toResponse();
        }
        if (failure instanceof WebApplicationException web) {
            Response response = web.getResponse();
            if (response.hasEntity() || response.getStatus() < 400) {
                return response;
            }
            String code = response.getStatus() == 404 ? "not_found" : "http_" + response.getStatus();
            RelayError error = RelayError.of(
                    response.getStatus(), code, response.getStatusInfo().getReasonPhrase());
            return Reply.problem(error).onto(Response.fromResponse(response)); // keeps Allow and the like
        }
        if (!(failure instanceof DifyException)) {
            LOGGER.log(Level.ERROR, "A request to a Dify endpoint failed inside this application", failure);
        }
        return Reply.problem(RelayError.of(failure)).toResponse();
    }
}
