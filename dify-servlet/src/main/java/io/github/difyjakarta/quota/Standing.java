package io.github.difyjakarta.quota;

/**
 * What is left of one limit. Immutable.
 *
 * @param policy the limit
 * @param remaining at least 0
 * @param secondsToMore until there is more, at the latest; 0 where nothing is missing or it depends on others
 */
public record Standing(Policy policy, long remaining, long secondsToMore) {

    /** Of RateLimit: {@code "requests-per-minute";r=19;t=3}. */
    String toItem() {
        String item = '"' + policy.name() + "\";r=" + remaining;
        return secondsToMore == 0 ? item : item + ";t=" + secondsToMore;
    }
}
