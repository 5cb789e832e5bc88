package io.github.difyjakarta.quota;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was decided, of nobody in particular. Thread-safe. */
final class Tally {

    private final LongAdder admitted = new LongAdder();
    private final LongAdder uncounted = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private final LongAdder running = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    /** By settings, of which there are so many as the administrator has written. */
    private final ConcurrentMap<String, LongAdder> refused = new ConcurrentHashMap<>();

    private volatile Runnable onRefused = () -> {};

    /** From the beginning there is a zero for each limit, so that one sees what could refuse. */
    void expect(Layer layer) {
        layer.plan().all().forEach(policy -> refused.put(layer.setting(policy), new LongAdder()));
    }

    void admitted() {
        admitted.increment();
    }

    /** A request passes that could not be counted. */
    void uncounted() {
        uncounted.increment();
    }

    /** No tokens, since the budget could not be read. */
    void unavailable() {
        unavailable.increment();
    }

    void refused(Layer by, Policy limit) {
        refused.computeIfAbsent(by.setting(limit), setting -> new LongAdder()).increment();
        onRefused.run();
    }

    void onRefused(Runnable listener) {
        onRefused = listener;
    }

    void streamBegan() {
        running.increment();
    }

    void streamEnded() {
        running.decrement();
    }

    void charged(long tokensOfAnAnswer) {
        tokens.add(tokensOfAnAnswer);
    }

    QuotaTotals totals(boolean storeAnswers) {
        SortedMap<String, Long> bySetting = new TreeMap<>();
        for (Map.Entry<String, LongAdder> entry : refused.entrySet()) {
            bySetting.put(entry.getKey(), entry.getValue().sum());
        }
        return new QuotaTotals(
                admitted.sum(),
                bySetting,
                running.sum(),
                tokens.sum(),
                uncounted.sum(),
                unavailable.sum(),
                storeAnswers);
    }
}
