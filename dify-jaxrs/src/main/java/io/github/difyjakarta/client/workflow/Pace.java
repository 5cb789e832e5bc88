package io.github.difyjakarta.client.workflow;

import java.time.Duration;

/**
 * How eagerly a run is looked for whose connection was lost.
 *
 * @param first before the first look: Dify must have noticed that the last reader is gone, since it would end the next one's
 *     stream together with that one's
 * @param longest between two looks, of which each waits twice as long as the one before
 * @param quiet without an event on a stream that joined the run, after which it may have been ended with another reader's: Dify
 *     then goes on to ping, and to say nothing
 */
record Pace(Duration first, Duration longest, Duration quiet) {
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** The wait after this one. */
    Duration after(Duration wait) {
        Duration longer = wait.multipliedBy(2);
        return longer.compareTo(longest) > 0 ? longest : longer;
    }
}
