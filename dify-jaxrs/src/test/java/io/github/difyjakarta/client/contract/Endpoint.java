package io.github.difyjakarta.client.contract;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An app endpoint of Dify's contract.
 *
 * @param method of HTTP
 * @param path as documented, such as {@code /messages/{message_id}/suggested}
 */
record Endpoint(String method, String path) {
    /** The management of knowledge is another API with another key. */
    private static final List<String> OF_KNOWLEDGE = List.of("/datasets", "/workspaces");

    static Endpoint named(String methodAndPath) {
        int blank = methodAndPath.indexOf(' ');
        return new Endpoint(methodAndPath.substring(0, blank), methodAndPath.substring(blank + 1));
    }

    boolean isOfApps() {
        return OF_KNOWLEDGE.stream().noneMatch(path::startsWith);
    }

    /** Which of these a request went to. */
    static Optional<Endpoint> of(String method, String requestPath, List<Endpoint> all) {
        return all.stream()
                .filter(endpoint -> endpoint.method.equals(method)
                        && endpoint.pattern().matcher(requestPath).matches())
                .findFirst();
    }

    /** Matches the paths of requests, a group for each parameter. */
    Pattern pattern() {
        return Pattern.compile(path.replaceAll("\\{[^}]*}", "([^/]+)"));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
