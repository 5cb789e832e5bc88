package io.github.difyjakarta.quota;

import java.util.List;

/** What refusals say to people, and how long they ask to wait. */
final class Wording {

    /** Nobody knows when a stream ends: soon enough to be worth waiting for, too seldom to be a storm. */
    static final long RETRY_STREAM = 2;

    private static final long NANOS = 1_000_000_000;

    private Wording() {}

    /** Whole seconds, rounded up; 1 or more. */
    static long seconds(long nanos) {
        return Math.max(1, nanos / NANOS + (nanos % NANOS == 0 ? 0 : 1));
    }

    static String tooManyRequests(Plan.Kind kind, List<Policy> violated, long seconds) {
        if (kind == Plan.Kind.APP || kind == Plan.Kind.GLOBAL) {
            return "Too many people ask at the moment. Please try again in " + time(seconds) + '.';
        }
        Policy policy = violated.get(violated.size() - 1);
        return "The limit of " + policy.quota() + " requests " + period(policy) + " is reached. Please try again in "
                + time(seconds) + '.';
    }

    static String tooManyStreams(Plan.Kind kind, Policy limit) {
        return kind == Plan.Kind.APP || kind == Plan.Kind.GLOBAL
                ? "Too many answers are running at the moment. Please try again."
                : "Only " + limit.quota() + (limit.quota() == 1 ? " answer" : " answers")
                        + " may run at once. Please wait for one to end.";
    }

    static String tooManyTokens(Plan.Kind kind, long seconds) {
        return (kind == Plan.Kind.APP || kind == Plan.Kind.GLOBAL
                        ? "The budget of this application is used up."
                        : "Your budget is used up.")
                + " Please try again in " + time(seconds) + '.';
    }

    private static String period(Policy policy) {
        return policy.window().equals(Policy.MINUTE) ? "a minute" : "a day";
    }

    private static String time(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? (seconds + 59) / 60 + " min" : (seconds + 3599) / 3600 + " h";
    }
}
