package io.github.difyjakarta.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Charge;
import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.Refusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer costs its caller, seen by what the caller may still ask: the budget is 1000 tokens, the reservation 100. */
class TokenMeterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BUDGET = 1000;

    private final Quotas quotas = Quotas.inMemory(QuotaConfig.DEFAULTS
            .withUser(Limits.NONE.withTokensPerDay(BUDGET))
            .withAnonymous(Limits.NONE)
            .withGlobal(Limits.NONE)
            .withTokenReservation(100));
    private final QuotaCaller ada = quotas.caller("ada", role -> false);
    private final TokenMeter meter = TokenMeter.of(reserve(0), Runnable::run);

    @AfterEach
    void close() {
        quotas.close();
    }

    private Charge reserve(long characters) {
        Admission admission = (Admission) quotas.admit(ada, Optional.empty(), Cost.REQUEST);
        return (Charge) admission.reserveTokens(characters);
    }

    /** Whether so many tokens are left, and no more: a reservation of 100 and three characters a token. */
    private boolean isLeft(long tokens) {
        Admission admission = (Admission) quotas.admit(ada, Optional.empty(), Cost.REQUEST);
        // More than the budget is never asked of it.
        if (tokens < BUDGET && admission.reserveTokens((tokens - 99) * 3) instanceof Charge tooMuch) {
            tooMuch.refund();
            return false;
        }
        if (admission.reserveTokens((tokens - 100) * 3) instanceof Charge fits) {
            fits.refund();
            return true;
        }
        return false;
    }

    private void awaitLeft(long tokens) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isLeft(tokens)) {
            assertThat(System.nanoTime()).as(tokens + " are left").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static DifyFrame frame(String json) {
        return DifyFrame.of(json.getBytes(UTF_8));
    }

    private static DifyFrame message(String text) {
        return frame("{\"event\":\"message\",\"task_id\":\"t\",\"answer\":\"" + text + "\"}");
    }

    @Test
    void paysWhatDifySaysAtTheEnd() {
        meter.saw(message("Hello"));
        meter.saw(
                frame("{\"event\":\"message_end\",\"task_id\":\"t\",\"metadata\":{\"usage\":{\"total_tokens\":42}}}"));
        meter.ended();
        awaitLeft(958);
    }

    @Test
    void paysTheLargerOfAChatflowsTwoEnds() {
        meter.saw(
                frame("{\"event\":\"message_end\",\"task_id\":\"t\",\"metadata\":{\"usage\":{\"total_tokens\":42}}}"));
        meter.saw(frame("{\"event\":\"workflow_finished\",\"task_id\":\"t\",\"data\":{\"total_tokens\":50}}"));
        meter.ended();
        awaitLeft(950);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"metadata\":{}}",
                "{\"metadata\":{\"usage\":null}}",
                "{\"metadata\":{\"usage\":{\"total_tokens\":-5}}}",
                "{\"metadata\":{\"usage\":{\"total_tokens\":\"many\"}}}",
                "{\"metadata\":{\"usage\":{\"total_tokens\":1e308}}}",
                "{\"metadata\":{\"usage\":{\"total_tokens\":\"NaN\"}}}",
                "{\"metadata\":{\"usage\":{\"total_tokens\":[7]}}}",
                "{\"metadata\":{\"usage\":{\"total_tokens\":{\"total_tokens\":7}}}}",
                "{\"usage\":{\"total_tokens\":7}}"
            })
    void paysTheReservationWhereTheUsageMakesNoSense(String end) {
        meter.saw(frame(
                "{\"event\":\"message_end\",\"task_id\":\"t\"" + (end.equals("{}") ? "}" : "," + end.substring(1))));
        meter.ended();
        awaitLeft(900);
    }

    @Test
    void paysOnceWhereTheEndComesTwice() {
        for (int i = 0; i < 2; i++) {
            meter.saw(frame(
                    "{\"event\":\"message_end\",\"task_id\":\"t\",\"metadata\":{\"usage\":{\"total_tokens\":42}}}"));
        }
        meter.ended();
        awaitLeft(958);
    }

    @Test
    void paysForEveryOneOfAHundredAnswersThatAreLeftBeforeTheirEnd() {
        try (Quotas large = Quotas.inMemory(QuotaConfig.DEFAULTS
                .withUser(Limits.NONE.withTokensPerDay(10_000))
                .withGlobal(Limits.NONE)
                .withTokenReservation(100))) {
            QuotaCaller eve = large.caller("eve", role -> false);
            for (int i = 0; i < 100; i++) {
                Admission admission = (Admission) large.admit(eve, Optional.empty(), Cost.REQUEST);
                TokenMeter left = TokenMeter.of((Charge) admission.reserveTokens(0), Runnable::run);
                left.saw(message("x"));
                left.ended();
            }
            Admission next = (Admission) large.admit(eve, Optional.empty(), Cost.REQUEST);
            assertThat(next.reserveTokens(0)).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void paysAnEstimateOfAnAnswerThatBreaksOff() {
        meter.saw(message("x".repeat(600)));
        meter.failed(new DifyStreamException(DifyStreamException.CLOSED, "broke"));
        awaitLeft(800);
    }

    @Test
    void paysTheReservationOfAnAnswerThatIsLeftEarly() {
        meter.saw(message("x"));
        meter.ended();
        awaitLeft(900);
    }

    @Test
    void paysNothingWhereDifyRefused() {
        meter.failed(new DifyApiException(400, "invalid_param", "no", DifyApiException.Reply.NONE));
        awaitLeft(1000);
    }

    @Test
    void paysNothingWhereDifyWasNotReached() {
        meter.failed(new DifyConnectionException(DifyConnectionException.UNREACHABLE, "no", false));
        awaitLeft(1000);
    }

    @Test
    void paysTheReservationWhereDifyMayHaveBegun() {
        meter.failed(new DifyConnectionException(DifyConnectionException.TIMEOUT, "late", true));
        awaitLeft(900);
    }

    @Test
    void paysOnceHoweverManyEndsThereAre() {
        meter.saw(
                frame("{\"event\":\"message_end\",\"task_id\":\"t\",\"metadata\":{\"usage\":{\"total_tokens\":42}}}"));
        meter.ended();
        awaitLeft(958);
        meter.failed(new DifyStreamException(DifyStreamException.CLOSED, "broke"));
        meter.ended();
        assertThat(isLeft(958)).isTrue();
    }

    @Test
    void paysNothingWhereDifyRefusedWhicheverTaskWouldRunFirst() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        TokenMeter refused = TokenMeter.of(reserve(0), tasks::addFirst);
        refused.failed(new DifyApiException(400, "invalid_param", "no", DifyApiException.Reply.NONE));
        refused.ended();
        tasks.forEach(Runnable::run);
        meter.failed(new DifyConnectionException(DifyConnectionException.UNREACHABLE, "no", false));
        assertThat(isLeft(1000)).isTrue();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void paysAlsoWhereNoThreadIsLeftForIt() {
        TokenMeter late = TokenMeter.of(reserve(0), task -> {
            throw new RejectedExecutionException("on purpose");
        });
        late.failed(new DifyApiException(400, "invalid_param", "no", DifyApiException.Reply.NONE));
        meter.ended();
        assertThat(isLeft(900)).isTrue();
    }

    @Test
    void anEventThatCannotBeReadSaysNothingAboutTheCost() {
        meter.saw(frame("{\"event\":\"message\",\"message_id\":\"m\",\"task_id\":\"t\",rubbish"));
        meter.ended();
        assertThat(isLeft(900)).isTrue();
    }

    @Test
    void looksAtNothingWhereNoBudgetApplies() {
        assertThat(TokenMeter.of(
                        (Charge) ((Admission)
                                        quotas.admit(quotas.anonymous("192.0.2.1"), Optional.empty(), Cost.REQUEST))
                                .reserveTokens(5),
                        Runnable::run))
                .isSameAs(TokenMeter.FREE);
        assertThat(new Object[] {reserve(0)}).doesNotHaveAnyElementsOfTypes(Refusal.class);
    }
}
