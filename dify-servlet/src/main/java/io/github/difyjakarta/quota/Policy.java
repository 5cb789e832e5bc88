package io.github.difyjakarta.quota;

import java.time.Duration;
import java.util.Locale;

/**
 * One limit by its public name. Immutable.
 *
 * @param name lower-case words with hyphens, such as {@code requests-per-minute} or {@code global-streams}
 * @param quota how much is allowed, 1 or more
 * @param window within which it comes back; zero for what is held and given back
 * @param unit what is counted
 */
public record Policy(String name, long quota, Duration window, Unit unit) {

    /** What a policy counts. */
    public enum Unit {
        /** Requests. */
        REQUESTS,
        /** Requests that are running at the same time. */
        CONCURRENT_REQUESTS,
        /** Tokens of the model. */
        TOKENS
    }

    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration DAY = Duration.ofDays(1);

    /** How long it takes at most until there is more, rounded up to seconds; not of what is held. */
    long secondsToMore() {
        return Math.max(1, (window.toSeconds() + quota - 1) / quota);
    }

    /** Of RateLimit-Policy: {@code "streams";q=3;qu="concurrent-requests"}. */
    String toItem() {
        String item = '"' + name + "\";q=" + quota;
        return switch (unit) {
            case REQUESTS -> item + ";w=" + window.toSeconds();
            case CONCURRENT_REQUESTS ->
                item + ";qu=\"" + unit.name().toLowerCase(Locale.ROOT).replace('_', '-') + '"';
            // Tokens are no unit that the draft registers: a parameter of a vendor's may say it.
            case TOKENS -> item + ";w=" + window.toSeconds() + ";dify-unit=\"tokens\"";
        };
    }
}
