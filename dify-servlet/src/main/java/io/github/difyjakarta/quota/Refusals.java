package io.github.difyjakarta.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a shared store has refused and will refuse for a moment: who floods is refused here, and the store is there for the others.
 * Bounded; thread-safe.
 */
final class Refusals {

    private static final int MOST = 10_000;

    /** Afterwards the store is asked again, though it may refuse for longer: it may have been given something back. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private final long start;
    private final Cache<String, Known> known;

    /** Since {@code start}: when it passes again, and until when that is believed. */
    private record Known(Rates.Taken refusal, long passes, long believed) {}

    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(LONGEST)
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    void remember(String key, Rates.Taken refusal, long nanosToWait) {
        long now = now();
        known.put(key, new Known(refusal, now + nanosToWait, now + Math.min(nanosToWait, LONGEST.toNanos())));
    }

    /** The refusal that still holds for this key. */
    Optional<Rates.Taken> of(String key) {
        Known found = known.getIfPresent(key);
        long now = now();
        if (found == null || now >= found.believed()) {
            return Optional.empty();
        }
        long seconds = Wording.seconds(found.passes() - now);
        return Optional.of(new Rates.Taken(
                found.refusal().refusedBy(),
                seconds,
                later(found.refusal().own(), seconds),
                later(found.refusal().violated(), seconds)));
    }

    private static List<Standing> later(List<Standing> standings, long seconds) {
        return standings.stream()
                .map(standing -> standing.remaining() == 0 ? new Standing(standing.policy(), 0, seconds) : standing)
                .toList();
    }

    private long now() {
        return nanos.getAsLong() - start;
    }
}
