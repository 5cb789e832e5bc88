package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Cost;
import java.util.Optional;
import java.util.Set;

/**
 * What a request costs. Of our own endpoints only what makes Dify work: reading, stopping and rating are free, and only what a
 * model answers, or a run that is joined, takes a place among the running streams. Of an application's own URLs everything that is mapped.
 *
 * @param cost empty if it is free
 * @param app of Dify that it is about
 */
record Counting(Optional<Cost> cost, Optional<String> app) {

    /** By the specification of Jakarta REST the name of the servlet, wherever it is mapped. */
    static final String OWN_SERVLET = "io.github.difyjakarta.rest.DifyApplication";

    /** The name of our servlet that opens WebSockets: their messages count, each by itself. */
    static final String OWN_WEBSOCKETS = "io.github.difyjakarta.websocket";

    private static final Counting FREE = new Counting(Optional.empty(), Optional.empty());
    private static final Counting STREAM = new Counting(Optional.of(Cost.STREAM), Optional.empty());
    private static final Set<String> FREE_POSTS = Set.of("stop", "feedbacks", "name");
    /** The events of a run that goes on: reading, but a stream all the same. */
    private static final String JOINED = "events";

    /** Jakarta REST answers HEAD by what answers GET. */
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Set<String> ANSWERS = Set.of("chat-messages", "completion-messages", "run");

    /**
     * What this costs.
     *
     * @param servlet the name of the one that is to answer
     * @param path below that servlet, such as {@code /support/chat-messages}; empty if there is none
     */
    static Counting of(String method, String servlet, String path) {
        if (method.equals("OPTIONS")) {
            return FREE; // a browser's question before its request, without credentials
        }
        if (servlet.equals(OWN_WEBSOCKETS)) {
            return FREE;
        }
        if (!servlet.equals(OWN_SERVLET)) {
            return STREAM;
        }
        String[] segments = path.split("/", -1); // the first is empty, the second names the app
        String last = last(segments);
        Optional<String> app = segments.length > 1 ? Optional.of(segments[1]) : Optional.empty();
        if (READING.contains(method) && last.equals(JOINED)) {
            return new Counting(Optional.of(Cost.STREAM), app);
        }
        if (!method.equals("POST")) {
            return FREE;
        }
        if (FREE_POSTS.contains(last)) {
            return FREE;
        }
        return new Counting(Optional.of(ANSWERS.contains(last) ? Cost.STREAM : Cost.REQUEST), app);
    }

    /** A lenient server may take a trailing slash for nothing. */
    private static String last(String[] segments) {
        for (int i = segments.length - 1; i >= 0; i--) {
            if (!segments[i].isEmpty()) {
                return segments[i];
            }
        }
        return "";
    }
}
