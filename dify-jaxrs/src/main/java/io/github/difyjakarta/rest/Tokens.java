package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Charge;
import io.github.difyjakarta.quota.Refusal;
import io.github.difyjakarta.quota.TokenDecision;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.TokenMeter;
import io.github.difyjakarta.servlet.QuotaFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;

/** Tokens for an answer, taken before it is asked for. */
final class Tokens {
    private Tokens() {}

    /**
     * Takes what an answer may cost from the budgets of the request's caller, if quotas are on.
     *
     * @param characters of the question
     * @throws Problem 429 where a budget is used up, 503 where it cannot be read
     */
    static TokenMeter reserve(HttpServletRequest request, long characters) {
        Optional<Admission> admission = QuotaFilter.admission(request);
        if (admission.isEmpty()) {
            return TokenMeter.FREE;
        }
        TokenDecision decision = admission.get().reserveTokens(characters);
        if (decision instanceof Charge charge) {
            return TokenMeter.of(charge, DifyClients.current().payments());
        }
        Refusal refusal = (Refusal) decision;
        throw new Problem(new RelayError(
                refusal.status(),
                refusal.code(),
                refusal.message(),
                true,
                Optional.of(Duration.ofSeconds(refusal.retryAfter()))));
    }
}
