package io.github.difyjakarta.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps the latest entries, in their order. Thread-safe. */
final class Log<T> {

    private final int max;
    private final Watched<Deque<T>> entries = new Watched<>(new ArrayDeque<>());

    Log(int max) {
        this.max = max;
    }

    void add(T entry) {
        entries.change(all -> {
            all.add(entry);
            if (all.size() > max) {
                all.remove();
            }
        });
    }

    List<T> all() {
        return entries.look(List::copyOf);
    }

    /** The first entry that fits, of the past or within the time. */
    Optional<T> await(Predicate<T> wanted, Duration timeout) {
        return entries.await(timeout, all -> all.stream().filter(wanted).findFirst());
    }
}
