package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class QuotaTotalsTest {

    private final Quotas quotas = Quotas.inMemory(
            QuotaConfig.DEFAULTS
                    .withUser(
                            Limits.NONE.withRequestsPerMinute(2).withStreams(1).withTokensPerDay(150))
                    .withAnonymous(Limits.NONE.withRequestsPerDay(1))
                    .withGlobal(Limits.NONE.withRequestsPerMinute(5))
                    .withRoles(Map.of("staff", Limits.NONE.withStreams(7)))
                    .withApps(Map.of("support", Limits.NONE.withRequestsPerDay(1)))
                    .withTokenReservation(100),
            new ManualTime());

    private Decision ask(String name, Cost cost, String app) {
        return quotas.admit(quotas.caller(name, role -> false), Optional.of(app), cost);
    }

    @Test
    void nameEveryLimitByItsSettingFromTheBeginning() {
        assertThat(quotas.totals())
                .isEqualTo(new QuotaTotals(
                        0,
                        new TreeMap<>(Map.of(
                                "dify.quota.user.requests-per-minute", 0L,
                                "dify.quota.user.streams", 0L,
                                "dify.quota.user.tokens-per-day", 0L,
                                "dify.quota.anonymous.requests-per-day", 0L,
                                "dify.quota.role.staff.streams", 0L,
                                "dify.quota.global.requests-per-minute", 0L,
                                "dify.apps.support.quota.requests-per-day", 0L)),
                        0,
                        0,
                        0,
                        0,
                        true));
    }

    @Test
    void countWhatPassedAndWhatEachLimitRefused() {
        Admission stream = (Admission) ask("ada", Cost.STREAM, "other");
        ask("ada", Cost.STREAM, "other");
        ask("ada", Cost.REQUEST, "support");
        ask("ada", Cost.REQUEST, "support");
        ask("bob", Cost.REQUEST, "support");
        quotas.admit(quotas.anonymous("192.0.2.1"), Optional.empty(), Cost.REQUEST);
        quotas.admit(quotas.anonymous("192.0.2.1"), Optional.empty(), Cost.REQUEST);
        ask("eve", Cost.REQUEST, "other");
        ask("eve", Cost.REQUEST, "other");
        ask("kim", Cost.REQUEST, "other");
        QuotaTotals totals = quotas.totals();
        assertThat(totals.admitted()).isEqualTo(5);
        assertThat(totals.running()).isEqualTo(1);
        assertThat(totals.refused()).isEqualTo(5);
        assertThat(totals.refusedBySetting())
                .containsEntry("dify.quota.user.streams", 1L)
                .containsEntry("dify.quota.user.requests-per-minute", 1L)
                .containsEntry("dify.apps.support.quota.requests-per-day", 1L)
                .containsEntry("dify.quota.anonymous.requests-per-day", 1L)
                .containsEntry("dify.quota.global.requests-per-minute", 1L);
        stream.close();
        stream.close();
        assertThat(quotas.totals().running()).isZero();
    }

    @Test
    void countTheTokensThatAnswersWereChargedInTheEnd() {
        Admission admission = (Admission) ask("ada", Cost.REQUEST, "other");
        Charge charge = (Charge) admission.reserveTokens(0);
        assertThat(admission.reserveTokens(0)).isInstanceOf(Refusal.class);
        assertThat(quotas.totals().refusedBySetting()).containsEntry("dify.quota.user.tokens-per-day", 1L);
        charge.settle(42, 0);
        charge.settle(42, 0);
        assertThat(quotas.totals().tokens()).isEqualTo(42);
        ((Charge) admission.reserveTokens(0)).refund();
        assertThat(quotas.totals().tokens()).isEqualTo(42);
        ((Charge) admission.reserveTokens(0)).estimate(0);
        assertThat(quotas.totals().tokens()).isEqualTo(142);
    }
}
