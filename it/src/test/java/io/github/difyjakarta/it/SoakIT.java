package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.difyjakarta.simulator.DifySimulator;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Five hundred users at once whose answers end in every way: each gets every event of their own, once and in order, and then the
 * server is as it was. Lasts a minute, or {@code -Dsoak.seconds}.
 */
class SoakIT {

    private static final int USERS = 500;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration SOAK = Duration.ofSeconds(Integer.getInteger("soak.seconds", 60));

    /** However busy the machine, a refusal of Dify's comes before the head of a stream, and so has its own status. */
    private static final String UNHURRIED = "30s";

    private static final Duration DRAINED = Duration.ofSeconds(60);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void losesDoublesAndReordersNothingAndLeavesNothing() throws Exception {
        try (DifySimulator dify = DifySimulator.start();
                PayaraServer server = PayaraServer.start("soak", Map.of())) {
            WebArchive war = Wars.chat(
                    "soak.war",
                    Wars.with(
                            Wars.settings(dify),
                            "dify.mode",
                            "chat",
                            "dify.max-concurrent-requests",
                            Integer.toString(2 * USERS),
                            "dify.retry.attempts",
                            "1",
                            "dify.relay.preamble-after",
                            UNHURRIED,
                            "dify.relay.heartbeat",
                            "500ms",
                            "dify.relay.resume-grace",
                            SoakUser.GRACE.toMillis() + "ms",
                            "dify.relay.kept-streams",
                            Integer.toString(USERS)));
            server.deploy(war);
            run(server, dify, WARM_UP); // fills the pools of server and client
            ServerState before = settled(server, dify);

            SoakUser.Tally tally = run(server, dify, SOAK);

            assertThat(tally.peak()).as("streams at once").isGreaterThan(USERS * 4 / 5);
            assertThat(tally.ended().keySet()).as("ways to end that were seen").containsOnly(SoakUser.Fate.values());
            settled(server, dify);
            await().atMost(DRAINED).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> ServerState.of(server)
                    .assertIsNoMoreThan(before));
            System.getLogger(SoakIT.class.getName())
                    .log(Level.INFO, "{0}; before: {1}; after: {2}", tally, before, ServerState.of(server));
        }
    }

    private static SoakUser.Tally run(PayaraServer server, DifySimulator dify, Duration time) throws Exception {
        SoakUser.Tally tally = new SoakUser.Tally();
        ExecutorService threads = Executors.newFixedThreadPool(USERS);
        long end = System.nanoTime() + time.toNanos();
        AtomicBoolean failed = new AtomicBoolean();
        try {
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                SoakUser user = new SoakUser(server, dify, "user" + i, new Random(i), tally);
                users.add(threads.submit(() -> {
                    try {
                        while (System.nanoTime() - end < 0 && !failed.get()) {
                            user.ask();
                        }
                        return null;
                    } catch (Exception | AssertionError e) {
                        failed.set(true); // the others end as well, and the first one's failure is told
                        throw e;
                    }
                }));
            }
            for (Future<?> user : users) {
                user.get(time.toSeconds() + 120, TimeUnit.SECONDS);
            }
            return tally;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ServerState settled(PayaraServer server, DifySimulator dify) {
        dify.awaitOpenConnections(0, DRAINED);
        await().atMost(DRAINED).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> assertThat(
                        server.descriptors())
                .filteredOn(descriptor -> descriptor.startsWith("socket:"))
                .hasSizeLessThan(10));
        return ServerState.of(server);
    }
}
