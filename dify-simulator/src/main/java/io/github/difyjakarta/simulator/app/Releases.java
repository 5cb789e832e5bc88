package io.github.difyjakarta.simulator.app;

import java.util.Map;

/** Since and until when Dify has the endpoints that it did not have in 1.0.0 or lost after it. Pure. */
final class Releases {

    private static final Map<String, Version> SINCE = Map.ofEntries(
            Map.entry("GET /files/*/preview", new Version(1, 7, 2)),
            Map.entry("GET /end-users/*", new Version(1, 13, 0)),
            Map.entry("GET /app/feedbacks", new Version(1, 4, 0)),
            Map.entry("GET /conversations/*/variables", new Version(1, 3, 1)),
            Map.entry("PUT /conversations/*/variables/*", new Version(1, 7, 2)),
            Map.entry("GET /site", new Version(1, 4, 0)),
            Map.entry("POST /apps/annotations", new Version(1, 2, 0)),
            Map.entry("GET /apps/annotations", new Version(1, 2, 0)),
            Map.entry("POST /apps/annotations/*", new Version(1, 2, 0)),
            Map.entry("PUT /apps/annotations/*", new Version(1, 3, 1)),
            Map.entry("DELETE /apps/annotations/*", new Version(1, 2, 0)),
            Map.entry("POST /apps/annotation-reply/*", new Version(1, 2, 0)),
            Map.entry("GET /apps/annotation-reply/*/status/*", new Version(1, 2, 0)),
            Map.entry("GET /workflow/*/events", new Version(1, 14, 0)),
            Map.entry("POST /workflows/*/run", new Version(1, 7, 2)),
            Map.entry("GET /form/human_input/*", new Version(1, 14, 0)),
            Map.entry("POST /form/human_input/*", new Version(1, 14, 0)));

    private static final Map<String, Version> UNTIL = Map.of("POST /apps/annotations/*", new Version(1, 3, 1));

    private Releases() {}

    /** The path may have variables in braces. */
    static boolean has(Version version, String method, String path) {
        String endpoint = method + " " + path.replaceAll("\\{[^}]*}", "*");
        Version since = SINCE.get(endpoint);
        Version until = UNTIL.get(endpoint);
        return (since == null || version.isFrom(since)) && (until == null || !version.isFrom(until));
    }
}
