package io.github.difyjakarta.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** The limits that count tokens. Thread-safe. */
final class Budgets {

    private static final System.Logger LOG = System.getLogger(Budgets.class.getName());

    /** When a store that does not answer may be asked again. */
    private static final long RETRY_STORE = 5;

    private final QuotaStore store;
    private final long usual;
    private final Tally tally;

    Budgets(QuotaStore store, long usual, Tally tally) {
        this.store = store;
        this.usual = usual;
        this.tally = tally;
    }

    TokenDecision reserve(List<Layer> all, long characters) {
        long tokens = Math.min(usual + Charge.tokens(characters), Charge.MOST_PLAUSIBLE);
        List<Layer> layers =
                all.stream().filter(layer -> layer.plan().budget().isPresent()).toList();
        if (layers.isEmpty()) {
            return new Charge(0, due -> {});
        }
        try {
            Optional<Denied> denied = store.attempt(() -> reserveAll(layers, tokens));
            // Counted here, not while the store is being asked: whoever listens to that is none of its time.
            return denied.isPresent() ? refusal(denied.get()) : new Charge(tokens, due -> pay(layers, tokens, due));
        } catch (StoreUnavailable e) {
            tally.unavailable();
            return Refusal.unavailable(RETRY_STORE); // the store has raised the alarm
        }
    }

    /** What does not have as many. */
    private record Denied(Layer by, ConsumptionProbe probe) {}

    private Optional<Denied> reserveAll(List<Layer> layers, long tokens) {
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            ConsumptionProbe probe = bucket(layer).tryConsumeAndReturnRemaining(share(layer, tokens));
            if (!probe.isConsumed()) {
                correct(layers.subList(0, i), tokens, reservation -> 0);
                return Optional.of(new Denied(layer, probe));
            }
        }
        return Optional.empty();
    }

    private Refusal refusal(Denied denied) {
        Plan plan = denied.by().plan();
        Policy policy = plan.budget().orElseThrow();
        tally.refused(denied.by(), policy);
        long seconds = Wording.seconds(denied.probe().getNanosToWaitForRefill());
        return Refusal.exceeded(
                Wording.tooManyTokens(plan.kind(), seconds),
                seconds,
                List.of(policy.name()),
                List.of(new Standing(policy, Math.max(0, denied.probe().getRemainingTokens()), seconds)));
    }

    private void pay(List<Layer> layers, long tokens, LongUnaryOperator due) {
        try {
            store.attempt(() -> {
                correct(layers, tokens, due);
                return Optional.empty();
            });
            tally.charged(due.applyAsLong(tokens));
        } catch (StoreUnavailable e) {
            tally.charged(tokens);
            LOG.log(System.Logger.Level.WARNING, "An answer is charged by its reservation of {0} tokens", tokens);
        }
    }

    private void correct(List<Layer> layers, long tokens, LongUnaryOperator due) {
        for (Layer layer : layers) {
            long reserved = share(layer, tokens);
            long more = due.applyAsLong(reserved) - reserved;
            if (more > 0) {
                bucket(layer).consumeIgnoringRateLimits(more);
            } else if (more < 0) {
                bucket(layer).addTokens(-more); // never above the budget
            }
        }
    }

    /** A budget smaller than a reservation would never let anything pass. */
    private static long share(Layer layer, long tokens) {
        return Math.min(tokens, layer.plan().budget().orElseThrow().quota());
    }

    private Bucket bucket(Layer layer) {
        return store.bucket(
                layer.plan().kind(), layer.tokensKey(), layer.plan().tokens().orElseThrow());
    }
}
