package io.github.difyjakarta.quota;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedStoreTest {

    private static final Duration LIMIT = Duration.ofMillis(80);
    private static final Limits LIMITS = Limits.NONE.withRequestsPerMinute(2).withTokensPerDay(1_000);

    private final ManualTime time = new ManualTime();
    private final Fragile fragile = new Fragile();
    private final Quotas quotas = new Quotas(
            QuotaConfig.DEFAULTS.withUser(LIMITS).withTokenReservation(100),
            new GuardedStore("the store", "/shop", fragile, LIMIT, time));
    private final Logged log = Logged.by(GuardedStore.class);

    /** A store in memory that does what a network does. */
    private final class Fragile implements QuotaStore {
        final LocalStore store = new LocalStore(1_000, Duration.ofDays(1), time);
        final CountDownLatch never = new CountDownLatch(1);
        final CountDownLatch askedWhetherMoving = new CountDownLatch(1);
        volatile Runnable mood = () -> {};
        final AtomicInteger asked = new AtomicInteger();
        volatile boolean moving;

        @Override
        public Bucket bucket(Plan.Kind kind, String key, BucketConfiguration configuration) {
            asked.incrementAndGet();
            mood.run();
            return store.bucket(kind, key, configuration);
        }

        @Override
        public <T> T attempt(Supplier<T> work) {
            throw new AssertionError("the guard is asked, not what it guards");
        }

        @Override
        public boolean isMoving() {
            askedWhetherMoving.countDown();
            return moving;
        }

        @Override
        public void close() {
            store.close();
        }

        void hang() {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void fail() {
            throw new IllegalStateException("garbage");
        }
    }

    @AfterEach
    void stop() {
        log.close();
        quotas.close();
    }

    private Decision ask() {
        return quotas.admit(quotas.caller("ada", role -> false), Optional.empty(), Cost.REQUEST);
    }

    private TokenDecision reserve() {
        return ((Admission) ask()).reserveTokens(0);
    }

    private List<String> alarms() {
        return log.lines(Level.SEVERE);
    }

    @Test
    void countsAsEverWhileItsStoreAnswers() {
        ask();
        ask();
        assertThat(ask()).isInstanceOf(Refusal.class);
        assertThat(log.records()).isEmpty();
    }

    @Test
    void letsRequestsPassWithinAHundredMillisecondsWhenTheStoreHangs() {
        fragile.mood = fragile::hang;
        ask(); // the first also pays for loading classes
        time.advance(GuardedStore.PAUSE);
        long start = System.nanoTime();
        assertThat(ask()).isInstanceOf(Admission.class);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(70L, 200L);
        start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(ask()).isInstanceOf(Admission.class);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                .as("nobody else waits")
                .isLessThan(80);
    }

    @Test
    void refusesTokensWhenTheStoreHangs() {
        fragile.mood = fragile::hang;
        Refusal refusal = (Refusal) reserve();
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.code()).isEqualTo("quota_unavailable");
        assertThat(refusal.retryAfter()).isGreaterThanOrEqualTo(1);
        assertThat(new String(refusal.problem(), UTF_8)).contains("#temporary-reduced-capacity");
    }

    @Test
    void takesNonsenseForNoAnswer() {
        fragile.mood = fragile::fail;
        assertThat(ask()).isInstanceOf(Admission.class);
        assertThat(reserve()).isInstanceOf(Refusal.class);
    }

    @Test
    void raisesOneAlarmAMinuteAndTellsTheEnd() {
        fragile.mood = fragile::fail;
        List<Integer> alarms = new ArrayList<>();
        for (int second = 0; second < 125; second++) {
            ask();
            alarms.add(alarms().size());
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(alarms.get(0)).isEqualTo(1);
        assertThat(alarms.get(59)).isEqualTo(1);
        assertThat(alarms.get(124)).isEqualTo(3);
        assertThat(alarms().get(0)).contains("the store does not answer", "requests pass uncounted");
        fragile.mood = () -> {};
        ask();
        assertThat(log.records().get(log.records().size() - 1).getLevel()).isEqualTo(Level.INFO);
        assertThat(alarms()).hasSize(3);
    }

    @Test
    void countsAgainAsSoonAsTheStoreAnswers() {
        fragile.mood = fragile::fail;
        ask();
        fragile.mood = () -> {};
        assertThat(ask().standings()).as("not asked within a second").isEmpty();
        time.advance(GuardedStore.PAUSE);
        ask();
        ask();
        assertThat(ask()).isInstanceOf(Refusal.class);
    }

    @Test
    void keepsTheReservationChargedWhenTheStoreIsGoneAtTheEnd() {
        Charge charge = (Charge) reserve();
        fragile.mood = fragile::fail;
        assertThat(charge.settle(500, 0)).isTrue();
        fragile.mood = () -> {};
        time.advance(GuardedStore.PAUSE);
        int more = 0;
        while (reserve() instanceof Charge) {
            more++;
            time.advance(Duration.ofSeconds(30));
        }
        assertThat(more).isEqualTo(9);
    }

    @Test
    void keepsTheInterruptionOfWhoWaits() {
        fragile.mood = fragile::hang;
        Thread.currentThread().interrupt();
        assertThat(ask()).isInstanceOf(Admission.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(log.records()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void waitsForAStoreThatMovesToAnotherNode() throws Exception {
        CountDownLatch moved = new CountDownLatch(1);
        fragile.moving = true;
        fragile.mood = () -> await(moved);
        CompletableFuture<Decision> decision = CompletableFuture.supplyAsync(this::ask);
        await(fragile.askedWhetherMoving);
        moved.countDown();
        assertThat(decision.get(10, TimeUnit.SECONDS).standings()).as("counted").isNotEmpty();
        assertThat(log.records()).isEmpty();
    }

    @Test
    void letsABurstWaitForItsTurnAndCountsAllOfIt() throws Exception {
        int callers = 60;
        CountDownLatch all = new CountDownLatch(callers);
        fragile.mood = () -> await(all);
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (Quotas patient = new Quotas(
                QuotaConfig.DEFAULTS.withUser(Limits.NONE.withRequestsPerMinute(50)),
                new GuardedStore("the store", "/shop", fragile, Duration.ofSeconds(10), time))) {
            List<Future<Decision>> decisions = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                decisions.add(threads.submit(() -> {
                    all.countDown();
                    return patient.admit(patient.caller("eve", role -> false), Optional.empty(), Cost.REQUEST);
                }));
            }
            int passed = 0;
            for (Future<Decision> decision : decisions) {
                passed += decision.get(10, TimeUnit.SECONDS) instanceof Admission ? 1 : 0;
            }
            assertThat(passed).isEqualTo(50);
            assertThat(log.records()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void waitsLongerForTheFirstAnswerAfterTheStart() throws Exception {
        GuardedStore guard = new GuardedStore("the store", "/shop", fragile, Duration.ofMillis(10), time);
        try (Quotas starting = new Quotas(QuotaConfig.DEFAULTS.withUser(LIMITS), guard)) {
            CountDownLatch connected = new CountDownLatch(1);
            guard.warmUp(() -> await(connected));
            fragile.mood = () -> await(connected);
            CompletableFuture<Decision> decision = CompletableFuture.supplyAsync(
                    () -> starting.admit(starting.caller("ada", role -> false), Optional.empty(), Cost.REQUEST));
            assertThatThrownBy(() -> decision.get(100, TimeUnit.MILLISECONDS))
                    .as("still waits")
                    .isInstanceOf(TimeoutException.class);
            connected.countDown();
            assertThat(decision.get(10, TimeUnit.SECONDS).standings()).isNotEmpty();
            assertThat(log.records()).isEmpty();
        }
    }

    @Test
    void refusesAFloodWithoutAskingTheStoreEachTime() {
        ask();
        ask();
        assertThat(((Refusal) ask()).retryAfter()).isEqualTo(30);
        int before = fragile.asked.get();
        fragile.mood = fragile::fail;
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 100; i++) {
                Refusal refusal = (Refusal) ask();
                assertThat(refusal.retryAfter()).isEqualTo(30 - second);
                assertThat(refusal.violated()).containsExactly("requests-per-minute");
                assertThat(refusal.standings()).hasSize(1);
                assertThat(refusal.standings().get(0).secondsToMore()).isEqualTo(30 - second);
            }
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(fragile.asked).hasValue(before);
        assertThat(quotas.totals().refused()).isEqualTo(1001);
        fragile.mood = () -> {};
        assertThat(((Refusal) ask()).retryAfter()).as("asked again").isEqualTo(20);
        assertThat(fragile.asked.get()).isGreaterThan(before);
        time.advance(Duration.ofSeconds(20));
        assertThat(ask()).as("exactly then").isInstanceOf(Admission.class);
    }

    @Test
    void readsNothingAgainWhenTheLimitOfOthersRefuses() {
        try (Quotas shared = new Quotas(
                QuotaConfig.DEFAULTS
                        .withUser(Limits.NONE.withRequestsPerMinute(5))
                        .withGlobal(Limits.NONE.withRequestsPerMinute(1)),
                new GuardedStore("the store", "/shop", fragile, LIMIT, time))) {
            QuotaCaller ada = shared.caller("ada", role -> false);
            shared.admit(ada, Optional.empty(), Cost.REQUEST);
            int before = fragile.asked.get();
            Refusal refusal = (Refusal) shared.admit(ada, Optional.empty(), Cost.REQUEST);
            assertThat(fragile.asked).as("taken, refused, given back").hasValue(before + 3);
            assertThat(refusal.violated()).containsExactly("global-requests-per-minute");
            assertThat(refusal.standings()).extracting(Standing::remaining).containsExactly(4L, 0L);
            assertThat(shared.standings(ada)).extracting(Standing::remaining).containsExactly(4L);
        }
    }

    @Test
    void tellsOfRefusedTokensOnTheThreadOfWhoAsks() {
        List<Thread> told = new ArrayList<>();
        quotas.onRefused(() -> told.add(Thread.currentThread()));
        Admission admission = (Admission) ask();
        assertThat(admission.reserveTokens(2_700)).isInstanceOf(Charge.class);
        assertThat(admission.reserveTokens(2_700)).isInstanceOf(Refusal.class);
        assertThat(told).containsExactly(Thread.currentThread());
    }

    @Test
    void asksOnThreadsThatKnowNothingOfTheRequest() {
        InheritableThreadLocal<String> request = new InheritableThreadLocal<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        fragile.mood = () -> {
            seen.add(Thread.currentThread().getName());
            seen.add(String.valueOf(request.get()));
        };
        request.set("ada's");
        try {
            ask();
        } finally {
            request.remove();
        }
        assertThat(seen).startsWith("dify-quota-1 of /shop/", "null");
    }

    @Test
    void keepsNobodyWaitingWhenItIsClosed() throws Exception {
        fragile.moving = true;
        fragile.mood = fragile::hang;
        List<CompletableFuture<Decision>> decisions = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            for (int i = 0; i < 20; i++) {
                decisions.add(CompletableFuture.supplyAsync(this::ask, threads));
            }
            await(fragile.askedWhetherMoving);
            quotas.close();
            for (CompletableFuture<Decision> decision : decisions) {
                assertThat(decision.get(2, TimeUnit.SECONDS)).isInstanceOf(Admission.class);
            }
            assertThat(log.records()).as("the store is not to blame").isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sumsUpWhatItCouldNotCount() {
        fragile.mood = fragile::fail;
        ask();
        reserve();
        QuotaTotals totals = quotas.totals();
        assertThat(totals.admitted()).isEqualTo(2);
        assertThat(totals.uncounted()).isEqualTo(2);
        assertThat(totals.unavailable()).isEqualTo(1);
        assertThat(totals.storeAnswers()).isFalse();
        fragile.mood = () -> {};
        time.advance(GuardedStore.PAUSE);
        ask();
        assertThat(quotas.totals().storeAnswers()).isTrue();
    }
}
