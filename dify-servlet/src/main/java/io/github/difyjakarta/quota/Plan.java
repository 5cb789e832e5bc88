package io.github.difyjakarta.quota;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BandwidthBuilder;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Limits in the forms that decisions need, made once. Immutable.
 *
 * @param kind whose limits these are
 * @param id a name for them, the same on every node with the same settings
 * @param rates the limits that count requests; of their order are the bandwidths of {@code requests}
 * @param requests what the bucket of requests is made by; empty without {@code rates}
 * @param streams how many at once
 * @param budget how many tokens
 * @param tokens what the bucket of tokens is made by
 * @param header of RateLimit-Policy
 */
record Plan(
        Kind kind,
        String id,
        List<Policy> rates,
        Optional<BucketConfiguration> requests,
        Optional<Policy> streams,
        Optional<Policy> budget,
        Optional<BucketConfiguration> tokens,
        String header) {

    /** Of a bucket that nobody needs. */
    static final BucketConfiguration WARM_UP =
            configuration(List.of(new Policy("warm-up", 1_000, Policy.MINUTE, Policy.Unit.REQUESTS)));

    /** Whose limits a plan has. */
    enum Kind {
        USER(""),
        ADDRESS(""),
        APP("app-"),
        GLOBAL("global-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** Of the names of its policies. */
        String prefix() {
            return prefix;
        }
    }

    static Plan of(Kind kind, String id, Limits limits) {
        String prefix = kind.prefix();
        List<Policy> rates = new ArrayList<>();
        rate(prefix + "requests-per-minute", limits.requestsPerMinute(), Policy.MINUTE)
                .ifPresent(rates::add);
        rate(prefix + "requests-per-day", limits.requestsPerDay(), Policy.DAY).ifPresent(rates::add);
        Optional<Policy> streams = limited(limits.streams())
                .map(quota -> new Policy(prefix + "streams", quota, Duration.ZERO, Policy.Unit.CONCURRENT_REQUESTS));
        Optional<Policy> budget = limited(limits.tokensPerDay())
                .map(quota -> new Policy(prefix + "tokens-per-day", quota, Policy.DAY, Policy.Unit.TOKENS));
        return new Plan(
                kind,
                id,
                List.copyOf(rates),
                rates.isEmpty() ? Optional.empty() : Optional.of(configuration(rates)),
                streams,
                budget,
                budget.map(policy -> configuration(List.of(policy))),
                all(rates, streams, budget).map(Policy::toItem).collect(Collectors.joining(", ")));
    }

    private static Stream<Policy> all(List<Policy> rates, Optional<Policy> streams, Optional<Policy> budget) {
        return Stream.of(rates.stream(), streams.stream(), budget.stream()).flatMap(policies -> policies);
    }

    /** Every limit there is, in the order of the settings. */
    List<Policy> all() {
        return all(rates, streams, budget).toList();
    }

    private static Optional<Policy> rate(String name, long limit, Duration window) {
        return limited(limit).map(quota -> new Policy(name, quota, window, Policy.Unit.REQUESTS));
    }

    private static Optional<Long> limited(long limit) {
        return limit == Limits.UNLIMITED ? Optional.empty() : Optional.of(limit);
    }

    /**
     * What was used comes back evenly, not at the turn of a minute: who uses all of it at the end of one has nothing left at the
     * beginning of the next.
     */
    private static BucketConfiguration configuration(List<Policy> policies) {
        List<Bandwidth> bandwidths = new ArrayList<>();
        for (Policy policy : policies) {
            bandwidths.add(BandwidthBuilder.builder()
                    .capacity(policy.quota())
                    .refillGreedy(policy.quota(), policy.window())
                    .build());
        }
        return new BucketConfiguration(bandwidths);
    }
}
