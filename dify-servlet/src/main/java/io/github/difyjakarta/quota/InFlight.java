package io.github.difyjakarta.quota;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many streams run, by whose they are; who has none is not remembered. Thread-safe. */
final class InFlight {

    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();

    /** Takes one if fewer than this many are taken: whether it did, and no two callers share the last one. */
    boolean take(String key, long limit) {
        boolean[] taken = new boolean[1];
        counts.compute(key, (same, count) -> {
            int before = count == null ? 0 : count;
            taken[0] = before < limit;
            return taken[0] ? Integer.valueOf(before + 1) : count;
        });
        return taken[0];
    }

    void giveBack(List<String> keys) {
        for (String key : keys) {
            counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
        }
    }

    int count(String key) {
        return counts.getOrDefault(key, 0);
    }

    /** Of how many callers, apps and so on streams run. */
    int size() {
        return counts.size();
    }
}
