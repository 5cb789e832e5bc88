package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Decision;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.Logged;
import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotaDisplaysTest {

    private long nanos = Long.MAX_VALUE - 5;
    private final Quotas quotas = Quotas.inMemory(QuotaConfig.DEFAULTS
            .withUser(Limits.NONE.withRequestsPerDay(1))
            .withGlobal(Limits.NONE.withRequestsPerDay(3)));
    private final QuotaDisplays displays = new QuotaDisplays(quotas, "/shop", () -> nanos);
    private final Logged log = Logged.by(QuotaDisplays.class);

    @AfterEach
    void stop() {
        log.close();
    }

    private void ask(String name) {
        Decision decision = quotas.admit(quotas.caller(name, role -> false), Optional.empty(), Cost.REQUEST);
        if (decision instanceof Refusal) {
            displays.refused();
        }
    }

    @Test
    void tellTheFirstRefusalAtOnceAndFurtherOnesTogether() {
        for (int i = 0; i < 4; i++) {
            ask("ada");
        }
        assertThat(log.lines())
                .containsExactly(
                        "Quotas of /shop/ have refused: {dify.quota.user.requests-per-day=1}; 1 passed, 0 run now");
        assertThat(log.records().get(0).getLevel()).isEqualTo(Level.INFO);
        nanos += QuotaDisplays.REPORT_EVERY.minusNanos(1).toNanos();
        ask("ada");
        assertThat(log.records()).hasSize(1);
        nanos += Duration.ofNanos(1).toNanos();
        ask("ada");
        assertThat(log.lines().get(1)).contains("{dify.quota.user.requests-per-day=4}; 0 passed");
    }

    @Test
    void warnWhenALimitOfAllTogetherRefuses() {
        for (String name : List.of("ada", "bob", "eve", "kim")) {
            ask(name);
        }
        assertThat(log.records().get(0).getLevel()).isEqualTo(Level.WARNING);
        assertThat(log.lines().get(0)).contains("{dify.quota.global.requests-per-day=1}");
    }

    @Test
    void nameNobody() {
        for (int i = 0; i < 3; i++) {
            ask("ada");
        }
        displays.close();
        assertThat(log.lines()).hasSize(2).noneMatch(line -> line.contains("ada"));
    }

    @Test
    void sayNothingInTheEndIfNobodyWasRefused() {
        ask("ada");
        displays.close();
        assertThat(log.records()).isEmpty();
    }
}
