package io.github.difyjakarta.client.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One call of an endpoint, described: {@code Request.get("/messages/{}/suggested", id).query("user", user)}. For the packages
 * of the endpoints. Immutable.
 *
 * @param method of HTTP
 * @param feature method and path as Dify documents it
 * @param target path and query below the API's base, encoded
 * @param body what is sent
 * @param repeatable whether sending it twice does no harm
 * @param counted whether it takes one of the concurrent requests
 * @param since the release of Dify that brought the endpoint; empty for those of 1.0
 * @param timeout for the whole call, in place of {@code timeout.blocking}
 * @param conversation that the answer has to go on with; empty for any
 */
public record Request(
        String method,
        String feature,
        String target,
        Body body,
        boolean repeatable,
        boolean counted,
        Optional<String> since,
        Optional<Duration> timeout,
        Optional<String> conversation) {

    /** Reads something. Safe to be repeated. */
    public static Request get(String path, String... segments) {
        return of("GET", path, segments).asRepeatable();
    }

    /** Does something. */
    public static Request post(String path, String... segments) {
        return of("POST", path, segments);
    }

    /** Replaces something. */
    public static Request put(String path, String... segments) {
        return of("PUT", path, segments);
    }

    /** Deletes something. */
    public static Request delete(String path, String... segments) {
        return of("DELETE", path, segments);
    }

    /** Each {@code {}} in the path stands for a segment, which is encoded here. */
    private static Request of(String method, String path, String... segments) {
        StringBuilder target = new StringBuilder(path);
        for (String segment : segments) {
            int hole = target.indexOf("{}");
            target.replace(hole, hole + 2, encode(segment));
        }
        return new Request(
                method,
                method + " " + path,
                target.toString(),
                Body.NONE,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** With a parameter more; an empty {@link Optional} is left out. */
    public Request query(String name, Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(present -> query(name, present)).orElse(this);
        }
        String parameter = name + "=" + encode(value.toString());
        String separator = target.contains("?") ? "&" : "?";
        return new Request(
                method,
                feature,
                target + separator + parameter,
                body,
                repeatable,
                counted,
                since,
                timeout,
                conversation);
    }

    /**
     * With a JSON object as its body.
     *
     * @throws IllegalArgumentException when a value has no form in JSON
     */
    public Request json(Map<String, ?> fields) {
        return body(Body.json(fields));
    }

    /** With a body. */
    public Request body(Body content) {
        return new Request(method, feature, target, content, repeatable, counted, since, timeout, conversation);
    }

    /** Doing it twice does no harm. */
    public Request asRepeatable() {
        return new Request(method, feature, target, body, true, counted, since, timeout, conversation);
    }

    /** Sending it twice would cost twice, although it only reads. */
    public Request once() {
        return new Request(method, feature, target, body, false, counted, since, timeout, conversation);
    }

    /** Not waiting for a place among the concurrent requests. */
    public Request uncounted() {
        return new Request(method, feature, target, body, repeatable, false, since, timeout, conversation);
    }

    /** An endpoint that came later than Dify 1.0. */
    public Request since(String release) {
        return new Request(
                method, feature, target, body, repeatable, counted, Optional.of(release), timeout, conversation);
    }

    /** The same of a part of the request, which older servers would pass over. */
    public Request since(String release, String part) {
        return new Request(
                method,
                feature + " with " + part,
                target,
                body,
                repeatable,
                counted,
                Optional.of(release),
                timeout,
                conversation);
    }

    /** Whose answer has to go on with a conversation; empty for a new one. */
    public Request goingOnWith(Optional<String> id) {
        return new Request(method, feature, target, body, repeatable, counted, since, timeout, id);
    }

    /** With a time of its own. */
    public Request within(Duration time) {
        return new Request(method, feature, target, body, repeatable, counted, since, Optional.of(time), conversation);
    }

    private static String encode(String text) {
        // The form's plus sign means a blank only behind the question mark.
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Not its body or its parameters, which are the user's. */
    @Override
    public String toString() {
        return feature;
    }
}
