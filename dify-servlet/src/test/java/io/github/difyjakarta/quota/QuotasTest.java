package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotasTest {

    private static final QuotaConfig NOTHING = QuotaConfig.DEFAULTS
            .withUser(Limits.NONE)
            .withAnonymous(Limits.NONE)
            .withGlobal(Limits.NONE);

    private final ManualTime time = new ManualTime();

    private Quotas quotas(QuotaConfig config) {
        return Quotas.inMemory(config, time);
    }

    private static QuotaCaller user(Quotas quotas, String name) {
        return quotas.caller(name, role -> false);
    }

    private static Decision ask(Quotas quotas, QuotaCaller caller) {
        return quotas.admit(caller, Optional.empty(), Cost.REQUEST);
    }

    private static int passed(Quotas quotas, QuotaCaller caller, int requests) {
        int passed = 0;
        for (int i = 0; i < requests; i++) {
            passed += ask(quotas, caller) instanceof Admission ? 1 : 0;
        }
        return passed;
    }

    private static Refusal refused(Decision decision) {
        assertThat(decision).isInstanceOf(Refusal.class);
        return (Refusal) decision;
    }

    private static Admission admitted(Decision decision) {
        assertThat(decision).isInstanceOf(Admission.class);
        return (Admission) decision;
    }

    @Test
    void limitsAUserToTwentyRequestsAMinuteAndThreeStreamsOutOfTheBox() {
        Quotas quotas = quotas(QuotaConfig.DEFAULTS);
        assertThat(passed(quotas, user(quotas, "ada"), 25)).isEqualTo(20);
        QuotaCaller bob = user(quotas, "bob");
        for (int i = 0; i < 3; i++) {
            admitted(quotas.admit(bob, Optional.empty(), Cost.STREAM));
        }
        assertThat(refused(quotas.admit(bob, Optional.empty(), Cost.STREAM)).violated())
                .containsExactly("streams");
        admitted(ask(quotas, bob));
    }

    @Test
    void limitsAllTogetherToSixHundredRequestsAMinuteOutOfTheBox() {
        Quotas quotas = quotas(QuotaConfig.DEFAULTS);
        int passed = 0;
        for (int i = 0; i < 40; i++) {
            passed += passed(quotas, user(quotas, "user" + i), 20);
        }
        assertThat(passed).isEqualTo(600);
    }

    @Test
    void limitsNothingWhereNothingIsSet() {
        Quotas quotas = quotas(NOTHING);
        assertThat(passed(quotas, user(quotas, "ada"), 10_000)).isEqualTo(10_000);
        assertThat(admitted(ask(quotas, user(quotas, "ada"))).standings()).isEmpty();
    }

    @Test
    void letsTheLimitPassAtOnceAndThenOneWheneverItsShareOfTheMinuteIsOver() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(20)));
        QuotaCaller ada = user(quotas, "ada");
        assertThat(passed(quotas, ada, 30)).isEqualTo(20);
        int passed = 20;
        for (int second = 1; second < 60; second++) {
            time.advance(Duration.ofSeconds(1));
            passed += passed(quotas, ada, 30);
        }
        assertThat(passed).as("in the worst minute").isEqualTo(39);
        time.advance(Duration.ofMinutes(1));
        assertThat(passed(quotas, ada, 100)).isEqualTo(20);
    }

    @Test
    void doesNotLetTheLimitPassTwiceAtTheEdgeOfAMinute() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(20)));
        QuotaCaller ada = user(quotas, "ada");
        passed(quotas, ada, 1);
        time.advance(Duration.ofMillis(59_999));
        assertThat(passed(quotas, ada, 50)).isEqualTo(20);
        time.advance(Duration.ofMillis(2));
        assertThat(passed(quotas, ada, 50)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 7, 20, 59, 61, 1000})
    void passesARetryAfterExactlyRetryAfter(long limit) {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(limit)));
        QuotaCaller ada = user(quotas, "ada");
        for (int round = 0; round < 50; round++) {
            passed(quotas, ada, (int) limit + 1);
            time.advance(Duration.ofNanos(round * 7_777_777L % 1_000_000_000));
            Decision decision = ask(quotas, ada);
            if (decision instanceof Refusal refusal) {
                assertThat(refusal.retryAfter()).isBetween(1L, 60L);
                time.advance(Duration.ofSeconds(refusal.retryAfter()));
                admitted(ask(quotas, ada));
            }
        }
    }

    @Test
    void asksToWaitForTheLimitThatComesLast() {
        Quotas quotas =
                quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(10).withRequestsPerDay(10)));
        QuotaCaller ada = user(quotas, "ada");
        passed(quotas, ada, 10);
        Refusal refusal = refused(ask(quotas, ada));
        assertThat(refusal.retryAfter()).isEqualTo(8640);
        assertThat(refusal.violated()).containsExactly("requests-per-minute", "requests-per-day");
        time.advance(Duration.ofSeconds(6));
        refusal = refused(ask(quotas, ada));
        assertThat(refusal.violated()).containsExactly("requests-per-day");
        assertThat(refusal.message()).isEqualTo("The limit of 10 requests a day is reached. Please try again in 3 h.");
    }

    @Test
    void countsARequestThatAllTogetherHaveNoRoomForAtNobody() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(5))
                .withGlobal(Limits.NONE.withRequestsPerMinute(3)));
        QuotaCaller ada = user(quotas, "ada");
        assertThat(passed(quotas, ada, 3)).isEqualTo(3);
        for (int i = 0; i < 10; i++) {
            assertThat(refused(ask(quotas, ada)).violated()).containsExactly("global-requests-per-minute");
        }
        Refusal refusal = refused(ask(quotas, ada));
        assertThat(refusal.standings().get(0).remaining()).isEqualTo(2);
        assertThat(refusal.message()).doesNotContain("3 requests");
    }

    @Test
    void countsARequestOfAUserOverTheLimitNotForAll() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(2))
                .withGlobal(Limits.NONE.withRequestsPerMinute(3)));
        passed(quotas, user(quotas, "ada"), 100);
        assertThat(passed(quotas, user(quotas, "bob"), 2)).isEqualTo(1);
    }

    @Test
    void givesAStreamsPlaceBackThatAnotherLimitRefuses() {
        Quotas quotas =
                quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(1).withStreams(5))
                        .withGlobal(Limits.NONE.withStreams(100)));
        QuotaCaller ada = user(quotas, "ada");
        Admission first = admitted(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        for (int i = 0; i < 10; i++) {
            assertThat(refused(quotas.admit(ada, Optional.empty(), Cost.STREAM)).violated())
                    .containsExactly("requests-per-minute");
        }
        first.close();
        assertThat(quotas.running()).isZero();
    }

    @Test
    void tellsWhoIsRefusedWhatIsLeftOfTheCallersOwnWithoutThePlaceThatWasGivenBack() {
        Quotas quotas =
                quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(2).withStreams(3))
                        .withGlobal(Limits.NONE.withStreams(1)));
        QuotaCaller ada = user(quotas, "ada");
        Admission first = admitted(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        Refusal full = refused(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        assertThat(full.violated()).containsExactly("global-streams");
        assertThat(left(full)).isEqualTo(Map.of("requests-per-minute", 1L, "streams", 2L, "global-streams", 0L));
        first.close();
        passed(quotas, ada, 1);
        Refusal often = refused(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        assertThat(left(often)).isEqualTo(Map.of("requests-per-minute", 0L, "streams", 3L));
    }

    @Test
    void namesTheCallersOwnStreamsOnceWhereTheyRefuse() {
        Quotas quotas =
                quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(2).withStreams(1)));
        admitted(quotas.admit(user(quotas, "ada"), Optional.empty(), Cost.STREAM));
        Refusal full = refused(quotas.admit(user(quotas, "ada"), Optional.empty(), Cost.STREAM));
        assertThat(full.standings()).hasSize(2);
        assertThat(left(full)).isEqualTo(Map.of("requests-per-minute", 1L, "streams", 0L));
    }

    private static Map<String, Long> left(Refusal refusal) {
        return refusal.standings().stream()
                .collect(Collectors.toMap(standing -> standing.policy().name(), Standing::remaining));
    }

    @Test
    void givesAPlaceBackOnceHoweverOftenItIsClosed() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withStreams(2)));
        QuotaCaller ada = user(quotas, "ada");
        Admission first = admitted(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        admitted(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        first.close();
        first.close();
        admitted(quotas.admit(ada, Optional.empty(), Cost.STREAM));
        refused(quotas.admit(ada, Optional.empty(), Cost.STREAM));
    }

    @Test
    void givesAnAppALimitOfItsOwn() {
        Quotas quotas = quotas(NOTHING.withApps(
                Map.of("support", Limits.NONE.withRequestsPerMinute(2).withStreams(1))));
        Optional<String> support = Optional.of("support");
        Admission running = admitted(quotas.admit(user(quotas, "ada"), support, Cost.STREAM));
        assertThat(refused(quotas.admit(user(quotas, "bob"), support, Cost.STREAM))
                        .violated())
                .containsExactly("app-streams");
        running.close();
        admitted(quotas.admit(user(quotas, "bob"), support, Cost.REQUEST));
        assertThat(refused(quotas.admit(user(quotas, "eve"), support, Cost.REQUEST))
                        .violated())
                .containsExactly("app-requests-per-minute");
        admitted(quotas.admit(user(quotas, "eve"), Optional.of("sales"), Cost.REQUEST));
        admitted(quotas.admit(user(quotas, "eve"), Optional.empty(), Cost.REQUEST));
    }

    @Test
    void countsTheFirstOfTheConfiguredRolesThatACallerHas() {
        Map<String, Limits> roles = new LinkedHashMap<>();
        roles.put("staff", Limits.NONE.withRequestsPerMinute(7));
        roles.put("premium", Limits.NONE.withRequestsPerMinute(9));
        Quotas quotas =
                quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(2)).withRoles(roles));
        assertThat(passed(quotas, quotas.caller("ada", role -> true), 20)).isEqualTo(7);
        assertThat(passed(quotas, quotas.caller("bob", "premium"::equals), 20)).isEqualTo(9);
        assertThat(passed(quotas, quotas.caller("eve", role -> false), 20)).isEqualTo(2);
    }

    @Test
    void limitsWhoIsNotLoggedInMoreStrictly() {
        Quotas quotas = quotas(QuotaConfig.DEFAULTS);
        assertThat(passed(quotas, quotas.anonymous("192.0.2.1"), 20)).isEqualTo(5);
        assertThat(passed(quotas, quotas.anonymous("192.0.2.2"), 20)).isEqualTo(5);
    }

    @Test
    void neverTakesAnAddressForAUserOfThatName() {
        Quotas quotas = quotas(QuotaConfig.DEFAULTS);
        passed(quotas, quotas.anonymous("192.0.2.1"), 20);
        assertThat(passed(quotas, user(quotas, "192.0.2.1"), 30)).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "ANN", " Ann ", "\uff21\uff4e\uff4e", "aNN"})
    void takesOneNameWrittenInManyWaysForOneUser(String other) {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(3)));
        assertThat(passed(quotas, user(quotas, "Ann"), 2)).isEqualTo(2);
        assertThat(passed(quotas, user(quotas, other), 2)).isEqualTo(1);
    }

    @Test
    void takesComposedAndDecomposedCharactersForTheSame() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(1)));
        passed(quotas, user(quotas, "ren\u00e9"), 1);
        assertThat(passed(quotas, user(quotas, "rene\u0301"), 1)).isZero();
    }

    @Test
    void tellsNamesApartByCaseWhereTheRealmDoes() {
        Quotas quotas =
                quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(1)).withCaseSensitiveNames(true));
        assertThat(passed(quotas, user(quotas, "Ann"), 2)).isEqualTo(1);
        assertThat(passed(quotas, user(quotas, "ann"), 2)).isEqualTo(1);
        assertThat(passed(quotas, user(quotas, " ann"), 2)).isZero();
    }

    @Test
    void tellsLongNamesApartByTheirEnd() {
        Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(1)));
        String prefix = "x".repeat(10_000);
        assertThat(passed(quotas, user(quotas, prefix + 'a'), 2)).isEqualTo(1);
        assertThat(passed(quotas, user(quotas, prefix + 'b'), 2)).isEqualTo(1);
        assertThat(passed(quotas, user(quotas, prefix + 'B'), 2)).isZero();
    }

    @Test
    void letsExactlyTenOfTwoHundredParallelFirstRequestsPass() throws Exception {
        for (int round = 0; round < 20; round++) {
            Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withRequestsPerMinute(10)));
            QuotaCaller ada = user(quotas, "ada" + round);
            assertThat(parallel(200, () -> ask(quotas, ada) instanceof Admission))
                    .isEqualTo(10);
        }
    }

    @Test
    void letsExactlyThreeOfTwoHundredParallelStreamsPass() throws Exception {
        for (int round = 0; round < 20; round++) {
            Quotas quotas = quotas(NOTHING.withUser(Limits.NONE.withStreams(3)));
            QuotaCaller ada = user(quotas, "ada");
            assertThat(parallel(200, () -> quotas.admit(ada, Optional.empty(), Cost.STREAM) instanceof Admission))
                    .isEqualTo(3);
        }
    }

    private static int parallel(int calls, Callable<Boolean> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            CountDownLatch start = new CountDownLatch(1);
            AtomicInteger passed = new AtomicInteger();
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return call.call() ? passed.incrementAndGet() : 0;
                }));
            }
            start.countDown();
            for (Future<?> future : futures) {
                future.get();
            }
            return passed.get();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void namesNobodyInWhatMayBeLogged() {
        Quotas quotas = quotas(QuotaConfig.DEFAULTS);
        assertThat(user(quotas, "ada")).hasToString("user");
        assertThat(quotas.anonymous("192.0.2.1")).hasToString("anonymous");
    }
}
