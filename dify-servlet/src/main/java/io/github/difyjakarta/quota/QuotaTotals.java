package io.github.difyjakarta.quota;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was decided on this node since its application started, of all callers together. Names nobody. Immutable.
 *
 * @param admitted requests and messages
 * @param refusedBySetting how often each limit has refused, by the name of its setting; zeros included
 * @param running streams at this moment
 * @param tokens that were charged, where tokens are limited: elsewhere nobody counts them
 * @param uncounted of those admitted: a shared store did not answer
 * @param unavailable answers that did not begin, since a shared store did not say what is left of a budget
 * @param storeAnswers whether it did when it was last asked
 */
public record QuotaTotals(
        long admitted,
        SortedMap<String, Long> refusedBySetting,
        long running,
        long tokens,
        long uncounted,
        long unavailable,
        boolean storeAnswers) {

    /** Copies the map. */
    public QuotaTotals {
        refusedBySetting = Collections.unmodifiableSortedMap(new TreeMap<>(refusedBySetting));
    }

    /** How many requests, messages and answers were refused by all limits together. */
    public long refused() {
        return refusedBySetting.values().stream().mapToLong(Long::longValue).sum();
    }
}
