package io.github.difyjakarta.quota;

import static io.github.difyjakarta.quota.Nodes.admitted;
import static io.github.difyjakarta.quota.Nodes.eventually;
import static io.github.difyjakarta.quota.Nodes.passedAtOnce;
import static io.github.difyjakarta.quota.Nodes.passes;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes with a Hazelcast each, of one cluster on the loopback address. */
class ClusterTest {

    private static final String CLUSTER = "dify-test-" + ProcessHandle.current().pid();

    private static final List<HazelcastInstance> MEMBERS = new ArrayList<>();

    private static HazelcastInstance member(String cluster) {
        Config config = new Config();
        config.setClusterName(cluster);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.getNetworkConfig()
                .setPort(17_900)
                .getInterfaces()
                .setEnabled(true)
                .addInterface("127.0.0.1");
        config.getNetworkConfig().setPublicAddress("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
        return Hazelcast.newHazelcastInstance(config);
    }

    @BeforeAll
    static void start() {
        Logger.getLogger("com.hazelcast").setLevel(Level.OFF);
        MEMBERS.add(member(CLUSTER));
        MEMBERS.add(member(CLUSTER));
        assertThat(MEMBERS.get(0).getCluster().getMembers()).hasSize(2);
    }

    @AfterAll
    static void stop() {
        MEMBERS.forEach(HazelcastInstance::shutdown);
    }

    private static Quotas node(int number) {
        return node(MEMBERS.get(number));
    }

    private static Quotas node(HazelcastInstance member) {
        return new Quotas(
                Nodes.CONFIG,
                new GuardedStore("Hazelcast", "/shop", store(member), Duration.ofMillis(80), System::nanoTime));
    }

    private static QuotaStore store(HazelcastInstance member) {
        return HazelcastStore.of(member, "/shop", 1, Quotas.idle(Nodes.CONFIG));
    }

    /** Counts once, whatever the first calls of a young cluster take. */
    private static void warmUp(Quotas node) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int good = 0;
        for (int i = 0; good < 20 && System.nanoTime() < deadline; i++) {
            good = passes(node, "warm" + i) ? good + 1 : 0;
        }
        assertThat(good).isEqualTo(20);
    }

    @Test
    void letsAUserUseOneLimitOnTwoNodes() {
        try (Quotas one = node(0);
                Quotas two = node(1)) {
            warmUp(one);
            warmUp(two);
            int passed = 0;
            for (int i = 0; i < 7; i++) {
                passed += passes(one, "ada") ? 1 : 0;
            }
            assertThat(passed).isEqualTo(7);
            for (int i = 0; i < 7; i++) {
                passed += passes(two, "Ada") ? 1 : 0;
            }
            assertThat(passed).isEqualTo(10);
        }
    }

    @Test
    void letsExactlyTheLimitPassWhenTwoNodesAreAskedAtOnce() throws Exception {
        try (Quotas one = node(0);
                Quotas two = node(1)) {
            warmUp(one);
            warmUp(two);
            assertThat(passedAtOnce(List.of(one, two, one, two), "eve")).isEqualTo(10);
        }
    }

    @Test
    void letsAUserUseOneBudgetOnTwoNodes() {
        try (Quotas one = node(0);
                Quotas two = node(1)) {
            warmUp(one);
            warmUp(two);
            Charge charge = (Charge) admitted(one, "joe").reserveTokens(0);
            charge.settle(950, 0);
            assertThat(((Refusal) admitted(two, "joe").reserveTokens(0)).code()).isEqualTo(Refusal.QUOTA_EXCEEDED);
        }
    }

    @Test
    void letsExactlyTheLimitPassWhenANodeDiesBeforeItIsReached() throws Exception {
        HazelcastInstance dying = member(CLUSTER);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Quotas survivor = node(0);
                Quotas victim = node(dying)) {
            warmUp(survivor);
            warmUp(victim);
            assertThat(eventually(() -> dying.getPartitionService().isClusterSafe()))
                    .isTrue();
            List<String> users = List.of("kim", "lee", "mia", "ned", "oda", "pat", "rob", "sue");
            users.forEach(user -> {
                for (int i = 0; i < 5; i++) {
                    assertThat(passes(victim, user)).isTrue();
                }
            });
            dying.getLifecycleService().terminate();
            List<Future<Integer>> results = new ArrayList<>();
            for (String user : users) {
                results.add(threads.submit(() -> {
                    int passed = 0;
                    for (int i = 0; i < 10; i++) {
                        passed += passes(survivor, user) ? 1 : 0;
                    }
                    return passed;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(5);
            }
            assertThat(survivor.totals().uncounted()).isZero();
        } finally {
            threads.shutdownNow();
            dying.getLifecycleService().terminate();
        }
    }

    @Test
    void isMovingWhileAMemberHasJustComeOrGone() {
        try (QuotaStore store = store(MEMBERS.get(0))) {
            assertThat(store.isMoving())
                    .as("nothing has happened since it began")
                    .isFalse();
            HazelcastInstance guest = member(CLUSTER);
            assertThat(eventually(store::isMoving)).isTrue();
            guest.getLifecycleService().terminate();
            assertThat(store.isMoving()).isTrue();
            assertThat(eventually(() -> !store.isMoving())).isTrue();
        }
    }

    @Test
    void keepsAFloodOfAddressesBoundedOnEveryMember() {
        try (Quotas one = node(0)) {
            warmUp(one);
            IMap<String, byte[]> addresses = MEMBERS.get(0).getDistributedObjects().stream()
                    .filter(object -> object.getName().startsWith(HazelcastStore.MAP + "-addresses"))
                    .map(object -> MEMBERS.get(0).<String, byte[]>getMap(object.getName()))
                    .findFirst()
                    .orElseThrow();
            Map<String, byte[]> flood = new HashMap<>();
            for (int i = 0; i < 60_000; i++) {
                flood.put("192.0.2." + i, new byte[] {1});
            }
            addresses.putAll(flood);
            assertThat(addresses.size()).isBetween(1_000, 2 * 10_000 * 5 / 4);
            assertThat(addresses
                            .getEntryView(addresses.keySet().iterator().next())
                            .getMaxIdle())
                    .isEqualTo(Quotas.idle(Nodes.CONFIG).plusMinutes(1).toMillis());
        }
    }
}
