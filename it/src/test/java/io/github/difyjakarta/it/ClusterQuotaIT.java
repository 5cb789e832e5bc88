package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two servers, one limit of 100 a day for each user. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterQuotaIT {

    private static final int LIMIT = 100;
    private static final int CONNECTIONS = 8;

    /** Nothing is limited but a user's requests to the page; a busy machine may take its time. */
    private static final Map<String, String> SETTINGS = Wars.with(
            Map.of(),
            "dify.quota.enabled",
            "true",
            "dify.quota.url-patterns",
            "/index.html",
            "dify.quota.user.requests-per-minute",
            "unlimited",
            "dify.quota.user.requests-per-day",
            Integer.toString(LIMIT),
            "dify.quota.user.streams",
            "unlimited",
            "dify.quota.anonymous.requests-per-minute",
            "unlimited",
            "dify.quota.global.requests-per-minute",
            "unlimited",
            "dify.quota.store-timeout",
            System.getProperty("quota.store-timeout", "2s"));

    private static final WebArchive SHOP = Wars.chat("shop.war", SETTINGS);
    private static final WebArchive MALL = Wars.chat("mall.war", SETTINGS);

    private static final Path DIRECTORY =
            Path.of(System.getProperty("build.directory", "target"), "cluster").toAbsolutePath();
    private static final ExecutorService CLIENTS = Executors.newFixedThreadPool(4 * CONNECTIONS);

    private static @Nullable PayaraServer first;
    private static @Nullable PayaraServer second;
    private static @Nullable Redis redis;

    /** One has the shop when it starts, the other gets it later; the mall goes by two names. */
    @BeforeAll
    static void start() throws Exception {
        Cluster cluster = new Cluster(DIRECTORY);
        File shop = DIRECTORY.resolve(SHOP.getName()).toFile();
        SHOP.as(ZipExporter.class).exportTo(shop, true);
        CompletableFuture<PayaraServer> other =
                CompletableFuture.supplyAsync(() -> cluster.join("second", "--deploy", shop.getPath()), CLIENTS);
        first = cluster.join("first");
        second = other.get(3, TimeUnit.MINUTES);
        first().deploy(SHOP);
        first().deploy(MALL);
        second().deployAs("arcade", MALL);
        awaitOneCount("shop");
        awaitOneCount("mall");
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENTS.shutdownNow();
        if (second != null) {
            second.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private static PayaraServer first() {
        return Objects.requireNonNull(first);
    }

    private static PayaraServer second() {
        return Objects.requireNonNull(second);
    }

    /** Until what one node has counted the other one knows. */
    private static void awaitOneCount(String context) {
        AtomicInteger number = new AtomicInteger();
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    String user = "probe" + number.incrementAndGet();
                    return left(first(), context, user).equals("99")
                            && left(second(), context, user).equals("98");
                });
    }

    private static String left(PayaraServer server, String context, String user) throws IOException {
        try (HttpConnection connection = new HttpConnection(server.port())) {
            HttpConnection.Head head = connection
                    .get("/" + context + "/index.html", HttpConnection.user(user))
                    .readHead();
            return head.header("RateLimit").replaceAll(".*\"requests-per-day\";r=(\\d+).*", "$1");
        }
    }

    /** Asks so often on some connections to a server at once; the results are the numbers of those that passed. */
    private static List<Future<Integer>> ask(PayaraServer server, String context, String user, int each) {
        List<Future<Integer>> passed = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            passed.add(CLIENTS.submit(() -> passed(server, context, user, each, new AtomicInteger())));
        }
        return passed;
    }

    private static int passed(PayaraServer server, String context, String user, int requests, AtomicInteger all)
            throws IOException {
        int passed = 0;
        try (HttpConnection connection = new HttpConnection(server.port())) {
            for (int i = 0; i < requests; i++) {
                HttpConnection.Head head = connection
                        .get("/" + context + "/index.html", HttpConnection.user(user))
                        .readHead();
                connection.readBody(head);
                assertThat(head.status()).isIn(200, 429);
                if (head.status() == 200) {
                    passed++;
                    all.incrementAndGet();
                }
            }
        } catch (EOFException | SocketException e) {
            assertThat(server).as("the one that is killed").isEqualTo(first);
        }
        return passed;
    }

    private static int sum(List<Future<Integer>> results) throws Exception {
        int sum = 0;
        for (Future<Integer> result : results) {
            sum += result.get(1, TimeUnit.MINUTES);
        }
        return sum;
    }

    private static void assertThatExactlyTheLimitPasses(String context) throws Exception {
        List<Future<Integer>> results = new ArrayList<>(ask(first(), context, "ada", 13));
        results.addAll(ask(second(), context, "Ada", 13));
        assertThat(sum(results)).isEqualTo(LIMIT);
        assertThat(sum(ask(second(), context, "bob", 2)))
                .as("another user is another matter")
                .isEqualTo(2 * CONNECTIONS);
        assertNoAlarm();
    }

    private static void assertNoAlarm() {
        assertThat(first().output() + second().output()).doesNotContain("does not answer");
    }

    @Test
    void countsInTheServersHazelcastWithoutBeingTold() throws Exception {
        assertThat(first().output()).contains("Quotas of /shop/ are counted in the server's Hazelcast");
        assertThat(second().output()).contains("Quotas of /shop/ are counted in the server's Hazelcast");
        assertThatExactlyTheLimitPasses("shop");
    }

    @Test
    void countsTogetherWhatHasAnotherNameOnTheOtherServer() throws Exception {
        assertThatExactlyTheLimitPasses("mall");
    }

    @Test
    void countsInRedisWhatIsToldTo() throws Exception {
        Redis started = Redis.start();
        redis = started;
        WebArchive till = Wars.chat(
                        "till.war",
                        Wars.with(SETTINGS, "dify.quota.store", "redis", "dify.quota.redis-url", started.url()))
                .addAsLibraries(Wars.lettuce());
        first().deploy(till);
        second().deploy(till);
        awaitOneCount("till");
        assertThatExactlyTheLimitPasses("till");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void neverLetsMoreThanTheLimitPassWhenAServerIsKilled() throws Exception {
        List<String> contexts = redis == null ? List.of("shop", "mall") : List.of("shop", "mall", "till");
        Map<String, Integer> before = new LinkedHashMap<>();
        for (String context : contexts) {
            for (int i = 0; i < 4; i++) {
                List<Future<Integer>> half = new ArrayList<>(ask(first(), context, "quiet" + i, 3));
                half.addAll(ask(second(), context, "quiet" + i, 3));
                before.put(context + " quiet" + i, sum(half));
            }
        }
        assertThat(before.values()).containsOnly(6 * CONNECTIONS);
        AtomicInteger stormed = new AtomicInteger();
        List<Future<Integer>> storm = new ArrayList<>();
        for (PayaraServer server : List.of(first(), second())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                storm.add(CLIENTS.submit(() -> passed(server, "shop", "storm", LIMIT, stormed)));
            }
        }
        await().pollInterval(Duration.ofMillis(1)).until(() -> stormed.get() >= LIMIT / 2);
        first().kill();
        for (Map.Entry<String, Integer> used : before.entrySet()) {
            String[] who = used.getKey().split(" ", -1);
            assertThat(used.getValue() + sum(ask(second(), who[0], who[1], LIMIT / CONNECTIONS)))
                    .as(used.getKey())
                    .isEqualTo(LIMIT);
        }
        assertThat(sum(storm))
                .as("what was under way when it happened may be lost, and was at most one request a connection")
                .isBetween(LIMIT - 2 * CONNECTIONS, LIMIT);
        assertThat(second().output()).doesNotContain("does not answer");
    }
}
