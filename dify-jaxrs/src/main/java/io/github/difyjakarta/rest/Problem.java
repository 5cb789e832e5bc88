package io.github.difyjakarta.rest;

import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ends a request with a problem document. */
final class Problem extends WebApplicationException {
    private static final long serialVersionUID = 1;

    static final String MEDIA_TYPE = "application/problem+json";

    Problem(RelayError error) {
        super(response(error));
    }

    Problem(RelayError error, Throwable cause) {
        super(cause, response(error));
    }

    static Response response(RelayError error) {
        Response.ResponseBuilder builder =
                Response.status(error.status()).type(MEDIA_TYPE).entity(error.toProblem());
        headers(error).forEach(builder::header);
        return builder.build();
    }

    /** The headers of every answer that is not a stream: it is for this user, now, and what it says it is. */
    static Map<String, String> headers(RelayError error) {
        Map<String, String> headers = new LinkedHashMap<>(documentHeaders());
        error.retryAfter().ifPresent(wait -> headers.put("Retry-After", String.valueOf(wait.toSeconds())));
        return headers;
    }

    static Map<String, String> documentHeaders() {
        return Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");
    }
}
