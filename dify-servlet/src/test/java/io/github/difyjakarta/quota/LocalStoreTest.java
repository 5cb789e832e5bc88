package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalStoreTest {

    private static final int MEBIBYTE = 1 << 20;

    private final ManualTime time = new ManualTime();
    private final QuotaConfig config =
            QuotaConfig.DEFAULTS.withGlobal(Limits.NONE).withUser(new Limits(20, 500, 3, 100_000));
    private final LocalStore store = new LocalStore(config.maxCallers(), Duration.ofDays(1), time);
    private final Quotas quotas = new Quotas(config, store);

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void visit(QuotaCaller caller) {
        try (Admission admission = (Admission) quotas.admit(caller, Optional.empty(), Cost.STREAM)) {
            admission.reserveTokens(0);
        }
    }

    @Test
    void keepsAMillionDistinctUsersWithin128Mebibytes() {
        long before = usedHeap();
        for (int i = 0; i < 1_000_000; i++) {
            visit(quotas.caller("user" + i + "@example.org", role -> false));
        }
        assertThat(store.callers()).isLessThanOrEqualTo(200_000);
        long used = usedHeap() - before;
        assertThat(used / MEBIBYTE).as("MiB").isBetween(1L, 128L);
        visit(quotas.caller("somebody else", role -> false));
    }

    @Test
    void keepsAFloodOfAddressesWithin128Mebibytes() {
        long before = usedHeap();
        for (int i = 0; i < 500_000; i++) {
            visit(quotas.anonymous(
                    ClientAddress.DIRECT.of((i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ".1", List.of())));
        }
        assertThat(store.callers()).isLessThanOrEqualTo(200_000);
        assertThat((usedHeap() - before) / MEBIBYTE).as("MiB").isLessThan(128);
    }

    @Test
    void forgetsNoUserInAFloodOfAddresses() {
        QuotaCaller ada = quotas.caller("ada", role -> false);
        for (int i = 0; i < 20; i++) {
            visit(ada);
        }
        for (int i = 0; i < 300_000; i++) {
            visit(quotas.anonymous("2001:db8:" + i));
        }
        assertThat(quotas.admit(ada, Optional.empty(), Cost.REQUEST)).isInstanceOf(Refusal.class);
    }

    @Test
    void forgetsWhoHasNotComeForSoLongThatNothingIsMissing() {
        visit(quotas.caller("ada", role -> false));
        assertThat(store.callers()).isEqualTo(2);
        time.advance(Duration.ofDays(1).plusSeconds(1));
        assertThat(store.callers()).isZero();
    }

    @Test
    void remembersAMinuteWhereNothingIsCountedByTheDay() {
        assertThat(Quotas.idle(QuotaConfig.DEFAULTS)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Quotas.idle(QuotaConfig.DEFAULTS.withRoles(Map.of("staff", Limits.NONE.withRequestsPerDay(9)))))
                .isEqualTo(Duration.ofDays(1));
        assertThat(Quotas.idle(config)).as("with debts of tokens").isEqualTo(Duration.ofDays(8));
    }

    @Test
    void keepsNothingAfterItsEnd() {
        visit(quotas.caller("ada", role -> false));
        quotas.close();
        assertThat(store.callers()).isZero();
    }
}
