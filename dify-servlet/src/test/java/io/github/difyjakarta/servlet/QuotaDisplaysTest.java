package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Decision;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.Refusal;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaDisplaysTest {

    private long nanos = Long.MAX_VALUE - 5;
    private final Quotas quotas = Quotas.inMemory(QuotaConfig.DEFAULTS
            .withUser(Limits.NONE.withRequestsPerDay(1))
            .withGlobal(Limits.NONE.withRequestsPerDay(3)));
    private final QuotaDisplays displays = new QuotaDisplays(quotas, "/shop", () -> nanos);
    private final Logger logger = Logger.getLogger(QuotaDisplays.class.getName());
    private final List<LogRecord> log = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private void ask(String name) {
        Decision decision = quotas.admit(quotas.caller(name, role -> false), Optional.empty(), Cost.REQUEST);
        if (decision instanceof Refusal) {
            displays.refused();
        }
    }

    private List<String> lines() {
        return log.stream()
                .map(record -> MessageFormat.format(record.getMessage(), record.getParameters()))
                .toList();
    }

    @Test
    void tellTheFirstRefusalAtOnceAndFurtherOnesTogether() {
        for (int i = 0; i < 4; i++) {
            ask("ada");
        }
        assertThat(lines())
                .containsExactly(
                        "Quotas of /shop/ have refused: {dify.quota.user.requests-per-day=1}; 1 passed, 0 run now");
        assertThat(log.get(0).getLevel()).isEqualTo(Level.INFO);
        nanos += QuotaDisplays.REPORT_EVERY.minusNanos(1).toNanos();
        ask("ada");
        assertThat(log).hasSize(1);
        nanos += Duration.ofNanos(1).toNanos();
        ask("ada");
        assertThat(lines().get(1)).contains("{dify.quota.user.requests-per-day=4}; 0 passed");
    }

    @Test
    void warnWhenALimitOfAllTogetherRefuses() {
        for (String name : List.of("ada", "bob", "eve", "kim")) {
            ask(name);
        }
        assertThat(log.get(0).getLevel()).isEqualTo(Level.WARNING);
        assertThat(lines().get(0)).contains("{dify.quota.global.requests-per-day=1}");
    }

    @Test
    void nameNobody() {
        for (int i = 0; i < 3; i++) {
            ask("ada");
        }
        displays.close();
        assertThat(lines()).hasSize(2).noneMatch(line -> line.contains("ada"));
    }

    @Test
    void sayNothingInTheEndIfNobodyWasRefused() {
        ask("ada");
        displays.close();
        assertThat(log).isEmpty();
    }
}
