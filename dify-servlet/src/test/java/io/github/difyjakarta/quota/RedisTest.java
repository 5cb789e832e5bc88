package io.github.difyjakarta.quota;

import static io.github.difyjakarta.quota.Nodes.admitted;
import static io.github.difyjakarta.quota.Nodes.eventually;
import static io.github.difyjakarta.quota.Nodes.passedAtOnce;
import static io.github.difyjakarta.quota.Nodes.passes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a real Redis, where one is installed. */
class RedisTest {

    private final Logged log = Logged.by(GuardedStore.class);
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
        log.close();
        Process running = redis;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    private Quotas node() {
        Quotas node = Quotas.redis(Nodes.CONFIG, url(), "/shop", Duration.ofMillis(80));
        assertThat(eventually(() -> passes(node, "warm" + System.nanoTime()))).isTrue();
        return node;
    }

    private String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Test
    void letsExactlyTheLimitPassWhenTwoNodesAreAskedAtOnce() throws Exception {
        try (Quotas one = node();
                Quotas two = node()) {
            assertThat(passedAtOnce(List.of(one, two, one, two), "eve")).isEqualTo(10);
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
        try (Quotas node = Quotas.redis(Nodes.CONFIG, url(), "/shop", Duration.ofMillis(80))) {
            assertThat(admitted(node, "ada").standings()).isEmpty();
        }
    }

    @Test
    void keepsNoConnectionToARedisThatDoesNotTellTheTime() {
        RedisClient administrator = RedisClient.create(url());
        try (QuotaStore store = RedisStore.of(url(), "/shop")) {
            RedisCommands<String, String> redisItself = connected(administrator);
            redisItself.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.TIME));
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> store.bucket(Plan.Kind.USER, "ada", Plan.WARM_UP))
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThat(eventually(() -> redisItself.clientList().lines().count() == 1))
                    .as("the administrator's is left")
                    .isTrue();
            redisItself.aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.TIME));
            assertThat(store.bucket(Plan.Kind.USER, "ada", Plan.WARM_UP).tryConsume(1))
                    .isTrue();
        } finally {
            administrator.shutdown();
        }
    }

    private static RedisCommands<String, String> connected(RedisClient client) {
        List<RedisCommands<String, String>> found = new ArrayList<>();
        assertThat(eventually(() -> {
                    try {
                        return found.add(client.connect().sync());
                    } catch (RedisConnectionException e) {
                        return false; // it is still starting
                    }
                }))
                .isTrue();
        return found.get(0);
    }
}
