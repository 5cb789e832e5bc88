package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Reply;

/** A request that is answered with an error in Dify's words. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String UNREADABLE =
            "The browser (or proxy) sent a request that this server could not understand.";

    private final transient Reply reply;

    private Refusal(Reply reply, String message) {
        super(message, null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }

    static Refusal of(int status, String code, String message) {
        ObjectNode body =
                Json.object().put("code", code).put("message", message).put("status", status);
        return new Refusal(Reply.json(status, Json.spaced(body) + "\n"), message);
    }

    static Refusal invalidParam(String message) {
        return of(400, "invalid_param", message);
    }

    /** As it was said up to 1.10. */
    static Refusal ofParameter(String name, String message) {
        ObjectNode body = Json.object()
                .put("code", "invalid_param")
                .put("message", message)
                .put("params", name)
                .put("status", 400);
        return new Refusal(Reply.json(400, Json.spaced(body) + "\n"), message);
    }

    static Refusal unauthorized(String message) {
        Refusal refusal = of(401, "unauthorized", message);
        return new Refusal(refusal.reply.withHeader("WWW-Authenticate", "Bearer realm=\"api\""), message);
    }

    static Refusal notJson() {
        return of(
                415,
                "unsupported_media_type",
                "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.");
    }

    static Refusal malformedJson() {
        return of(400, "bad_request", UNREADABLE);
    }

    /** A form without a part that has to be there. */
    static Refusal missingPart() {
        return of(400, "bad_request_key_error", UNREADABLE);
    }

    static Refusal wrongMode(String code) {
        return of(400, code, "Please check if your app mode matches the right API route.");
    }

    static Refusal notFound(String message) {
        return of(404, "not_found", message);
    }

    static Refusal methodNotAllowed() {
        Refusal refusal = of(405, "method_not_allowed", "The method is not allowed for the requested URL.");
        return new Refusal(refusal.reply.unmatched(), "405");
    }

    /** What Dify says when its own code broke; the order of the keys is another one there. */
    static Refusal unknown() {
        ObjectNode body = Json.object()
                .put("message", "Internal Server Error")
                .put("code", "unknown")
                .put("status", 500);
        return new Refusal(Reply.json(500, Json.spaced(body) + "\n"), "500");
    }
}
