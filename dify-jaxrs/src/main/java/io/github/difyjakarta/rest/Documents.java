package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers that are JSON documents. Written as bytes: the server's own JSON binding has no part in it. */
final class Documents {
    private Documents() {}

    static CompletionStage<Response> completed(String json) {
        return CompletableFuture.completedFuture(response(json));
    }

    /** The document, or the problem that came instead. */
    static CompletionStage<Response> answer(CompletionStage<String> json) {
        return json.handle(
                (document, failure) -> failure == null ? response(document) : Problem.response(RelayError.of(failure)));
    }

    private static Response response(String json) {
        Response.ResponseBuilder builder = Response.ok(json.getBytes(UTF_8), "application/json");
        Problem.documentHeaders().forEach(builder::header);
        return builder.build();
    }
}
