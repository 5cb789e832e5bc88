package io.github.difyjakarta.rest;

import io.github.difyjakarta.origin.WebOrigin;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a browser must be told before it lets a page of another site send something with the user's session, and read the answer. */
final class CorsHeaders {
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE";
    private static final String REQUEST_HEADERS =
            "Content-Type, Authorization, X-Requested-With, Idempotency-Key, Last-Event-ID, Dify-Resume";
    private static final String RESPONSE_HEADERS =
            "Retry-After, RateLimit, RateLimit-Policy, Dify-Stream-Id, Content-Disposition";
    /** In seconds; Chromium keeps it no longer than two hours. */
    private static final String MAX_AGE = "7200";

    private CorsHeaders() {}

    /**
     * Of an answer.
     *
     * @param origin listed
     * @param preflight whether the browser only asks what it may send
     */
    static Map<String, String> of(WebOrigin origin, boolean preflight) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", origin.toString());
        headers.put("Access-Control-Allow-Credentials", "true");
        if (preflight) {
            headers.put("Access-Control-Allow-Methods", METHODS);
            headers.put("Access-Control-Allow-Headers", REQUEST_HEADERS);
            headers.put("Access-Control-Max-Age", MAX_AGE);
        } else {
            headers.put("Access-Control-Expose-Headers", RESPONSE_HEADERS);
        }
        return headers;
    }
}
