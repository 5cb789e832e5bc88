package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a real Redis, where one is installed. */
class RedisTest {

    private static final QuotaConfig CONFIG = QuotaConfig.DEFAULTS
            .withUser(Limits.NONE.withRequestsPerDay(10).withTokensPerDay(1_000))
            .withGlobal(Limits.NONE)
            .withTokenReservation(100);

    /** Held, since the platform forgets loggers that nobody holds. */
    private static final Logger LOG = Logger.getLogger(GuardedStore.class.getName());

    private int port;
    private String program = "";
    private @Nullable Process redis;

    @BeforeEach
    void start() throws IOException {
        Optional<Path> found = Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
        if (!Boolean.getBoolean("require.tools")) {
            assumeTrue(found.isPresent(), "No redis-server found: apt-get install redis-server");
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        LOG.setLevel(Level.OFF);
        program = found.orElseThrow().toString();
        run();
    }

    private void run() throws IOException {
        redis = new ProcessBuilder(
                        program,
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--loglevel",
                        "warning")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        LOG.setLevel(null);
        Process running = redis;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    private Quotas node() {
        Quotas node = Quotas.redis(CONFIG, "redis://127.0.0.1:" + port, "/shop", Duration.ofMillis(80));
        assertThat(eventually(() -> passes(node, "warm" + System.nanoTime()))).isTrue();
        return node;
    }

    private static boolean eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return true;
    }

    private static Admission admitted(Quotas node, String user) {
        return (Admission) node.admit(node.caller(user, role -> false), Optional.empty(), Cost.REQUEST);
    }

    /** Counted, and allowed. */
    private static boolean passes(Quotas node, String user) {
        return node.admit(node.caller(user, role -> false), Optional.empty(), Cost.REQUEST)
                        instanceof Admission admission
                && !admission.standings().isEmpty();
    }

    @Test
    void letsExactlyTheLimitPassWhenTwoNodesAreAskedAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Quotas one = node();
                Quotas two = node()) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (Quotas node : List.of(one, two, one, two)) {
                results.add(threads.submit(() -> {
                    start.await();
                    int passed = 0;
                    for (int i = 0; i < 20; i++) {
                        passed += passes(node, "eve") ? 1 : 0;
                    }
                    return passed;
                }));
            }
            start.countDown();
            int passed = 0;
            for (Future<Integer> result : results) {
                passed += result.get();
            }
            assertThat(passed).isEqualTo(10);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void letsAUserUseOneBudgetOnTwoNodes() {
        try (Quotas one = node();
                Quotas two = node()) {
            ((Charge) admitted(one, "joe").reserveTokens(0)).settle(950, 0);
            assertThat(((Refusal) admitted(two, "joe").reserveTokens(0)).code()).isEqualTo(Refusal.QUOTA_EXCEEDED);
        }
    }

    @Test
    void letsRequestsPassAndRefusesTokensWhileRedisIsGoneAndCountsAgainWhenItIsBack() throws Exception {
        try (Quotas node = node()) {
            Objects.requireNonNull(redis).destroyForcibly().waitFor();
            for (int i = 0; i < 30; i++) {
                long start = System.nanoTime();
                Admission admission = admitted(node, "ada");
                assertThat(admission.reserveTokens(0)).isInstanceOf(Refusal.class);
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                        .isLessThan(250);
            }
            run();
            assertThat(eventually(() -> passes(node, "ada"))).isTrue();
        }
    }

    @Test
    void doesNotNeedRedisToStart() throws Exception {
        Objects.requireNonNull(redis).destroyForcibly().waitFor();
        try (Quotas node = Quotas.redis(CONFIG, "redis://127.0.0.1:" + port, "/shop", Duration.ofMillis(80))) {
            assertThat(admitted(node, "ada").standings()).isEmpty();
        }
    }
}
