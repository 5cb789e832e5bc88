package io.github.difyjakarta.bench.load;

import io.github.difyjakarta.bench.upstream.Query;
import java.time.Duration;

/**
 * Streams to open and what to do with them. Immutable.
 *
 * @param streams all of them
 * @param atOnce open at the same time; as one ends the next begins, on the same connection if the server keeps it
 * @param perSecond how many begin in a second, at most
 * @param query what each asks
 * @param stuck the first so many stop reading after their first bytes; they are no part of the result
 * @param stuckQuery what those ask
 * @param leaveAfter events after which the client closes its connection; 0 is never
 * @param settle how long after the start latency is not measured yet
 * @param deadline when those that are still open have failed
 */
public record Load(
        int streams,
        int atOnce,
        int perSecond,
        Query query,
        int stuck,
        Query stuckQuery,
        int leaveAfter,
        Duration settle,
        Duration deadline) {

    /** All at once, each on a connection of its own; the deadline is a minute. */
    public static Load of(int streams, Query query) {
        return new Load(streams, streams, 1_000_000, query, 0, query, 0, Duration.ZERO, Duration.ofMinutes(1));
    }

    /** One after the other on so many connections. */
    public Load atOnce(int connections) {
        return new Load(streams, connections, perSecond, query, stuck, stuckQuery, leaveAfter, settle, deadline);
    }

    /** Begins gently. */
    public Load perSecond(int beginnings) {
        return new Load(streams, atOnce, beginnings, query, stuck, stuckQuery, leaveAfter, settle, deadline);
    }

    /** Adds streams of which the client stops reading. */
    public Load withStuck(int more, Query theirQuery) {
        return new Load(
                streams + more, atOnce + more, perSecond, query, more, theirQuery, leaveAfter, settle, deadline);
    }

    /** Lets every client leave. */
    public Load leavingAfter(int events) {
        return new Load(streams, atOnce, perSecond, query, stuck, stuckQuery, events, settle, deadline);
    }

    /** Leaves the beginning out of the latency. */
    public Load settledAfter(Duration time) {
        return new Load(streams, atOnce, perSecond, query, stuck, stuckQuery, leaveAfter, time, deadline);
    }

    /** Waits longer, or less. */
    public Load endingWithin(Duration time) {
        return new Load(streams, atOnce, perSecond, query, stuck, stuckQuery, leaveAfter, settle, time);
    }

    /** {@return the question of one stream} */
    Query queryOf(int stream) {
        return (isStuck(stream) ? stuckQuery : query).numbered(stream);
    }

    boolean isStuck(int stream) {
        return stream < stuck;
    }

    /** {@return streams whose end is awaited} */
    int awaited() {
        return streams - stuck;
    }
}
