package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.servlet.EventStreamOutput;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that is there as a whole.
 *
 * @param headers beside the type
 * @param body not to be changed
 */
record Reply(int status, Map<String, String> headers, String type, byte[] body) {
    static final String PROBLEM = "application/problem+json";

    private static final String JSON = "application/json";
    /** Of every answer that is not a stream: it is for this user, now, and what it says it is. */
    static final Map<String, String> HEADERS = Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    /** Dify says of this one too that it is JSON. */
    static final Reply NO_CONTENT = new Reply(204, HEADERS, JSON, new byte[0]);

    static Reply document(String json) {
        return document(json.getBytes(UTF_8));
    }

    static Reply document(byte[] json) {
        return new Reply(200, HEADERS, JSON, json);
    }

    /** Something was made. */
    static Reply created(String json) {
        return new Reply(201, HEADERS, JSON, json.getBytes(UTF_8));
    }

    static Reply problem(RelayError error) {
        Map<String, String> headers = new LinkedHashMap<>(HEADERS);
        error.retryAfter().ifPresent(wait -> headers.put("Retry-After", String.valueOf(wait.toSeconds())));
        return new Reply(error.status(), headers, PROBLEM, error.toProblem());
    }

    /** Answers with this in place of a stream; false if it is too late for that. */
    boolean sendBy(EventStreamOutput output) {
        return output.refuse(status, headers, type, body);
    }

    /** Answers with this where no resource has been reached yet. */
    void writeTo(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach(response::setHeader);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The same for the server to write. */
    Response toResponse() {
        return onto(Response.status(status));
    }

    /** The same with what another response has of headers. */
    Response onto(Response.ResponseBuilder builder) {
        builder.type(type);
        if (body.length > 0) {
            builder.entity(body);
        }
        headers.forEach(builder::header);
        return builder.build();
    }
}
