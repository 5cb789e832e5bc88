package io.github.difyjakarta.quota;

/**
 * What somebody may do, all of it at once. Each is from 1 to {@value #MOST}, or {@link #UNLIMITED}. Immutable.
 *
 * @param requestsPerMinute of them as many at once; then one comes back each minute divided by their number
 * @param requestsPerDay the same for a day of 24 hours
 * @param streams running at the same time
 * @param tokensPerDay of the model, input and output together; they come back evenly over 24 hours
 */
public record Limits(long requestsPerMinute, long requestsPerDay, long streams, long tokensPerDay) {

    /** The largest number a limit can have. */
    public static final long MOST = 1_000_000_000;

    /** In place of a number: no limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** No limit at all. */
    public static final Limits NONE = new Limits(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

    /** Checks the ranges. */
    public Limits {
        check("requestsPerMinute", requestsPerMinute);
        check("requestsPerDay", requestsPerDay);
        check("streams", streams);
        check("tokensPerDay", tokensPerDay);
    }

    private static void check(String name, long limit) {
        if (limit != UNLIMITED && (limit < 1 || limit > MOST)) {
            throw new IllegalArgumentException(name + " must be from 1 to " + MOST + " or unlimited, not " + limit);
        }
    }

    /** The same with another number of requests a minute. */
    public Limits withRequestsPerMinute(long limit) {
        return new Limits(limit, requestsPerDay, streams, tokensPerDay);
    }

    /** The same with another number of requests a day. */
    public Limits withRequestsPerDay(long limit) {
        return new Limits(requestsPerMinute, limit, streams, tokensPerDay);
    }

    /** The same with another number of streams at once. */
    public Limits withStreams(long limit) {
        return new Limits(requestsPerMinute, requestsPerDay, limit, tokensPerDay);
    }

    /** The same with another number of tokens a day. */
    public Limits withTokensPerDay(long limit) {
        return new Limits(requestsPerMinute, requestsPerDay, streams, limit);
    }
}
