package io.github.difyjakarta.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.VerboseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The limits that count requests. Thread-safe. */
final class Rates {

    private final QuotaStore store;
    private final Tally tally;
    private final Optional<Refusals> refusals;

    /**
     * What became of a request.
     *
     * @param refusedBy the one that refuses; what others had counted is given back
     * @param secondsToWait until that one passes it, rounded up
     * @param own what is left of the caller's own limits; empty if the store is not there
     * @param violated of the one that refuses, what has nothing left: one at least
     */
    record Taken(Optional<Layer> refusedBy, long secondsToWait, List<Standing> own, List<Standing> violated) {}

    private static final Taken UNCOUNTED = new Taken(Optional.empty(), 0, List.of(), List.of());

    Rates(QuotaStore store, Tally tally) {
        this.store = store;
        this.tally = tally;
        this.refusals = store.refusals();
    }

    /** Counts a request at all of these, or at none; the first is the caller's own. */
    Taken take(List<Layer> layers) {
        String own = layers.get(0).key();
        Optional<Taken> known = refusals.flatMap(memory -> memory.of(own));
        if (known.isPresent()) {
            return known.get();
        }
        try {
            // Once more when it is one's turn: of a burst all but the first have become needless.
            return store.attempt(
                    () -> refusals.flatMap(memory -> memory.of(own)).orElseGet(() -> takeAll(layers)));
        } catch (StoreUnavailable e) {
            tally.uncounted();
            return UNCOUNTED; // the store has raised the alarm
        }
    }

    private Taken takeAll(List<Layer> layers) {
        List<Standing> own = List.of();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Optional<BucketConfiguration> configuration = layer.plan().requests();
            if (configuration.isEmpty()) {
                continue;
            }
            VerboseResult<ConsumptionProbe> result =
                    bucket(layer, configuration.get()).asVerbose().tryConsumeAndReturnRemaining(1);
            if (!result.getValue().isConsumed()) {
                giveBack(layers.subList(0, i));
                long nanos = result.getValue().getNanosToWaitForRefill();
                long seconds = Wording.seconds(nanos);
                List<Standing> standings = standings(layer.plan(), result, seconds);
                Taken refusal = refused(layer, seconds, i == 0 ? standings : oneMore(own), standings);
                if (i == 0) {
                    refusals.ifPresent(memory -> memory.remember(layer.key(), refusal, nanos));
                }
                return refusal;
            }
            if (i == 0) {
                own = standings(layer.plan(), result, 0);
            }
        }
        return new Taken(Optional.empty(), 0, own, List.of());
    }

    private static Taken refused(Layer by, long seconds, List<Standing> own, List<Standing> refusing) {
        List<Standing> violated =
                refusing.stream().filter(standing -> standing.remaining() == 0).toList();
        return new Taken(Optional.of(by), seconds, own, violated);
    }

    /** What is left once a request was given back, without asking the store again. */
    private static List<Standing> oneMore(List<Standing> standings) {
        return standings.stream()
                .map(standing -> standing(standing.policy(), standing.remaining() + 1, 0))
                .toList();
    }

    private void giveBack(List<Layer> layers) {
        for (Layer layer : layers) {
            layer.plan().requests().ifPresent(configuration -> bucket(layer, configuration)
                    .addTokens(1));
        }
    }

    /** What is left of the caller's own limits, without counting anything. */
    List<Standing> peek(Layer own) {
        try {
            return store.attempt(() -> left(own));
        } catch (StoreUnavailable e) {
            return List.of(); // the store has raised the alarm
        }
    }

    private List<Standing> left(Layer layer) {
        return layer.plan()
                .requests()
                .map(configuration -> standings(
                        layer.plan(), bucket(layer, configuration).asVerbose().getAvailableTokens(), 0))
                .orElse(List.of());
    }

    private Bucket bucket(Layer layer, BucketConfiguration configuration) {
        return store.bucket(layer.plan().kind(), layer.key(), configuration);
    }

    /** Those of which nothing is left have more in so many seconds, if that is known. */
    private static List<Standing> standings(Plan plan, VerboseResult<?> result, long seconds) {
        long[] available = result.getDiagnostics().getAvailableTokensPerEachBandwidth();
        List<Standing> standings = new ArrayList<>(available.length + 1);
        for (int i = 0; i < available.length; i++) {
            standings.add(standing(plan.rates().get(i), Math.max(0, available[i]), seconds));
        }
        return standings;
    }

    private static Standing standing(Policy policy, long remaining, long seconds) {
        long more = remaining == policy.quota() ? 0 : policy.secondsToMore();
        return new Standing(policy, remaining, remaining == 0 && seconds > 0 ? seconds : more);
    }
}
