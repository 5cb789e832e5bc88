package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Charge;
import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Decision;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.Refusal;
import io.github.difyjakarta.quota.TokenDecision;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.TokenMeter;
import java.time.Duration;
import java.util.Optional;

/** What a browser may ask, question by question: by the same counters as over HTTP. Thread-safe. */
interface Allowance {
    /** Where quotas are off. */
    Allowance UNLIMITED = characters -> new Granted(() -> {}, TokenMeter.FREE);

    /** Whether a question may be asked. */
    sealed interface Permission {}

    /**
     * It may.
     *
     * @param giveBack to be run when its run has ended, however often: it frees the place among the running ones
     * @param meter counts and pays its tokens
     */
    record Granted(Runnable giveBack, TokenMeter meter) implements Permission {}

    /** It may not. */
    record Denied(RelayError error) implements Permission {}

    /**
     * Takes what a question costs, or nothing. May wait for a shared store, 100 ms at most for each of two questions to it.
     *
     * @param characters of the question
     */
    Permission take(int characters);

    /** By the quotas of the application. */
    static Allowance of(Quotas quotas, QuotaCaller caller, String app) {
        return characters -> {
            Decision decision = quotas.admit(caller, Optional.of(app), Cost.STREAM);
            if (decision instanceof Refusal refusal) {
                return new Denied(error(refusal));
            }
            Admission admission = (Admission) decision;
            TokenDecision tokens = admission.reserveTokens(characters);
            if (tokens instanceof Refusal refusal) {
                admission.close();
                return new Denied(error(refusal));
            }
            return new Granted(
                    admission::close,
                    TokenMeter.of((Charge) tokens, DifyClients.current().payments()));
        };
    }

    private static RelayError error(Refusal refusal) {
        return new RelayError(
                refusal.status(),
                refusal.code(),
                refusal.message(),
                true,
                Optional.of(Duration.ofSeconds(refusal.retryAfter())));
    }
}
