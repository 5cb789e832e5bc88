package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChargeTest {

    private final ManualTime time = new ManualTime();

    private Quotas quotas(long ofUser, long ofAll) {
        return Quotas.inMemory(
                QuotaConfig.DEFAULTS
                        .withUser(Limits.NONE.withTokensPerDay(ofUser))
                        .withGlobal(Limits.NONE.withTokensPerDay(ofAll))
                        .withTokenReservation(100),
                time);
    }

    private static TokenDecision begin(Quotas quotas, String user) {
        Decision decision = quotas.admit(quotas.caller(user, role -> false), Optional.of("support"), Cost.STREAM);
        assertThat(decision).isInstanceOf(Admission.class);
        try (Admission admission = (Admission) decision) {
            return admission.reserveTokens(0);
        }
    }

    private static Charge charge(Quotas quotas, String user) {
        TokenDecision decision = begin(quotas, user);
        assertThat(decision).isInstanceOf(Charge.class);
        return (Charge) decision;
    }

    /** What the user has left, as far as it is visible: the most that a reservation takes. */
    private static long left(Quotas quotas, String user) {
        long left = 0;
        List<Charge> taken = new ArrayList<>();
        while (begin(quotas, user) instanceof Charge charge) {
            taken.add(charge);
            left += 100;
        }
        taken.forEach(Charge::refund);
        return left;
    }

    @Test
    void reservesAtTheStartAndSettlesByTheRealUsage() {
        Quotas quotas = quotas(1_000, 10_000);
        Charge charge = charge(quotas, "ada");
        assertThat(left(quotas, "ada")).isEqualTo(900);
        assertThat(charge.settle(300, 0)).isTrue();
        assertThat(left(quotas, "ada")).isEqualTo(700);
    }

    @Test
    void givesBackWhatAnAnswerCostLessThanItsReservation() {
        Quotas quotas = quotas(200, 10_000);
        charge(quotas, "ada").settle(1, 0);
        charge(quotas, "ada").settle(99, 0);
        assertThat(left(quotas, "ada")).isEqualTo(100);
    }

    @Test
    void costsNothingWhereTheModelWasNotAsked() {
        Quotas quotas = quotas(1_000, 10_000);
        assertThat(charge(quotas, "ada").refund()).isTrue();
        assertThat(left(quotas, "ada")).isEqualTo(1_000);
    }

    @Test
    void isNeverFreeToHangUpEarly() {
        Quotas quotas = quotas(10_000, 1_000_000);
        for (int i = 0; i < 100; i++) {
            charge(quotas, "ada").estimate(0);
        }
        assertThat(begin(quotas, "ada")).isInstanceOf(Refusal.class);
    }

    @Test
    void chargesALongAnswerThatBreaksOffByItsCharacters() {
        Quotas quotas = quotas(1_000, 10_000);
        charge(quotas, "ada").estimate(1_500);
        assertThat(left(quotas, "ada")).isEqualTo(500);
    }

    @Test
    void isPaidOnceWhateverComesAfter() {
        Quotas quotas = quotas(1_000, 10_000);
        Charge charge = charge(quotas, "ada");
        assertThat(charge.settle(200, 0)).isTrue();
        assertThat(charge.settle(200, 0)).as("message_end comes twice").isFalse();
        assertThat(charge.estimate(30_000)).as("then the browser leaves").isFalse();
        assertThat(charge.refund()).isFalse();
        assertThat(left(quotas, "ada")).isEqualTo(800);
    }

    @Test
    void isPaidOnceByThreadsThatEndItTogether() throws Exception {
        Quotas quotas = quotas(100_000, 1_000_000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                Charge charge = charge(quotas, "ada");
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> ends = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    ends.add(threads.submit(() -> {
                        start.await();
                        return charge.settle(100, 0);
                    }));
                }
                start.countDown();
                int paid = 0;
                for (Future<Boolean> end : ends) {
                    paid += end.get() ? 1 : 0;
                }
                assertThat(paid).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(left(quotas, "ada")).isEqualTo(80_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 10_000_001, Long.MAX_VALUE})
    void chargesTheReservationForAUsageThatCannotBeRight(long usage) {
        Quotas quotas = quotas(1_000, 10_000);
        charge(quotas, "ada").settle(usage, 0);
        assertThat(left(quotas, "ada")).isEqualTo(900);
    }

    @Test
    void letsAnAnswerGoOverTheBudgetAndRefusesTheNext() {
        Quotas quotas = quotas(1_000, 10_000);
        charge(quotas, "ada").settle(1_500, 0);
        Refusal refusal = (Refusal) begin(quotas, "ada");
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.violated()).containsExactly("tokens-per-day");
        assertThat(refusal.retryAfter()).as("600 tokens at 1,000 a day").isEqualTo(51_840);
        time.advance(Duration.ofSeconds(refusal.retryAfter() - 1));
        assertThat(begin(quotas, "ada")).isInstanceOf(Refusal.class);
        time.advance(Duration.ofSeconds(1));
        assertThat(begin(quotas, "ada")).isInstanceOf(Charge.class);
    }

    @Test
    void takesNoTokensOfTheUserWhereAllTogetherHaveNone() {
        Quotas quotas = quotas(1_000, 150);
        charge(quotas, "bob");
        for (int i = 0; i < 20; i++) {
            assertThat(((Refusal) begin(quotas, "ada")).violated()).containsExactly("global-tokens-per-day");
        }
        time.advance(Duration.ofDays(1));
        assertThat(begin(quotas, "ada")).isInstanceOf(Charge.class);
    }

    @Test
    void neverGrowsABudgetAboveItsSize() {
        Quotas quotas = quotas(1_000, 10_000);
        Charge old = charge(quotas, "ada");
        time.advance(Duration.ofDays(3));
        old.refund();
        assertThat(left(quotas, "ada")).isEqualTo(1_000);
    }

    @Test
    void letsAnAnswerBeginWhereTheWholeBudgetIsSmallerThanAReservation() {
        Quotas quotas = quotas(60, 10_000);
        Charge charge = charge(quotas, "ada");
        assertThat(begin(quotas, "ada")).isInstanceOf(Refusal.class);
        charge.settle(30, 0);
        time.advance(Duration.ofHours(12));
        charge(quotas, "ada");
    }

    @Test
    void reservesMoreForALongQuestion() {
        Quotas quotas = quotas(1_000, 10_000);
        try (Admission admission =
                (Admission) quotas.admit(quotas.caller("ada", role -> false), Optional.empty(), Cost.STREAM)) {
            Charge charge = (Charge) admission.reserveTokens(601);
            assertThat(charge.reserved()).isEqualTo(301);
        }
        assertThat(left(quotas, "ada")).isEqualTo(600);
    }

    @Test
    void countsForTheAppAsWell() {
        Quotas quotas = Quotas.inMemory(
                QuotaConfig.DEFAULTS
                        .withApps(Map.of("support", Limits.NONE.withTokensPerDay(150)))
                        .withTokenReservation(100),
                time);
        charge(quotas, "ada");
        assertThat(((Refusal) begin(quotas, "bob")).violated()).containsExactly("app-tokens-per-day");
    }

    @Test
    void doesNothingWhereNoTokensAreLimited() {
        Quotas quotas = Quotas.inMemory(QuotaConfig.DEFAULTS.withUser(Limits.NONE), time);
        for (int i = 0; i < 100; i++) {
            assertThat(charge(quotas, "ada").settle(5_000_000, 0)).isTrue();
        }
    }
}
