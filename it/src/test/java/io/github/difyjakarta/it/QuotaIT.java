package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.it.host.Badges;
import io.github.difyjakarta.simulator.DifySimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits of users and apps, in front of the endpoints that make Dify work. */
@ExtendWith(SharedServer.class)
class QuotaIT {
    private static final String QUESTION = "{\"query\":\"Where is order 4711?\",\"inputs\":{}}";

    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.chat(
            "quota.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.quota.enabled",
                    "true",
                    "dify.quota.user.requests-per-minute",
                    "3",
                    "dify.apps",
                    "small",
                    "dify.apps.small.api-key",
                    DIFY.key(),
                    "dify.apps.small.quota.tokens-per-day",
                    "1010"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final PayaraServer server;

    QuotaIT(PayaraServer server) {
        this.server = server;
    }

    private Front front(String app, String user) {
        return Front.of(server, "quota", app, user);
    }

    private JsonNode left(String user) {
        return new Front(server.port(), "/quota/dify/", List.of(HttpConnection.user(user)))
                .get("quota")
                .json()
                .path("limits");
    }

    @Test
    void refusesWhoAsksTooOftenAndNobodyElse() {
        Front ada = front("default", "ada");
        for (int i = 0; i < 3; i++) {
            Front.Answer answer = ada.send("POST", "chat-messages", QUESTION);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.head().header("RateLimit")).contains("requests-per-minute");
        }
        Front.Answer refused = ada.send("POST", "chat-messages", QUESTION);
        refused.assertIsProblem(429, "quota_exceeded");
        assertThat(Long.parseLong(refused.head().header("Retry-After"))).isBetween(1L, 20L);
        assertThat(ada.get("conversations").status()).as("reading is free").isEqualTo(200);
        assertThat(left("ada").path(0).path("remaining").asInt()).isZero();
        assertThat(front("default", "bob")
                        .send("POST", "chat-messages", QUESTION)
                        .status())
                .isEqualTo(200);
    }

    private String metrics() throws IOException {
        try (HttpConnection connection = new HttpConnection(server.port())) {
            return connection.readBody(connection.get("/metrics").readHead());
        }
    }

    @Test
    void showsTotalsInTheServersMetricsAsLongAsTheApplicationIsThere() throws Exception {
        WebArchive shown = Wars.chat(
                "shown.war",
                Wars.with(
                        Map.of(),
                        "dify.quota.enabled",
                        "true",
                        "dify.quota.url-patterns",
                        "/index.html",
                        "dify.quota.user.requests-per-day",
                        "2"));
        server.deploy(shown);
        for (int i = 0; i < 5; i++) {
            new Front(server.port(), "/shown/", List.of(HttpConnection.user("ada"))).get("index.html");
        }
        assertThat(metrics().lines().filter(line -> line.contains("context=\"/shown\"")))
                .anyMatch(line -> line.matches("dify_quota_admitted\\{.*} [3-9](\\.0)?"))
                .anyMatch(line -> line.matches(
                        "dify_quota_refused\\{.*setting=\"dify.quota.user.requests-per-day\".*} 3(\\.0)?"));
        server.undeploy(shown);
        assertThat(metrics()).doesNotContain("context=\"/shown\"");
        assertThat(server.output())
                .contains("Quotas of /shown/ have refused: {dify.quota.user.requests-per-day=1}")
                .contains("Quotas of /shown/ have refused: {dify.quota.user.requests-per-day=2}");
    }

    @Test
    void asksABeanOfTheApplicationWhoCalls() {
        WebArchive badges = Wars.plain(
                        "badges.war",
                        Wars.with(
                                Map.of(),
                                "dify.quota.enabled",
                                "true",
                                "dify.quota.url-patterns",
                                "/index.html",
                                "dify.quota.user.requests-per-minute",
                                "2",
                                "dify.quota.roles",
                                "staff",
                                "dify.quota.role.staff.requests-per-minute",
                                "4"))
                .addClass(Badges.class);
        server.deploy(badges);
        assertThat(statuses("X-Badge: ada")).containsExactly(200, 200, 429, 429, 429);
        assertThat(statuses("X-Badge: bob")).containsExactly(200, 200, 429, 429, 429);
        assertThat(statuses("X-Badge: eve", "X-Role: staff")).containsExactly(200, 200, 200, 200, 429);
        server.undeploy(badges);
    }

    private List<Integer> statuses(String... headers) {
        Front front = new Front(server.port(), "/badges/", List.of(headers));
        return Stream.generate(() -> front.get("index.html").status()).limit(5).toList();
    }

    @Test
    void tellsWhatIsLeftWithoutTakingIt() {
        left("eve");
        JsonNode limits = left("eve");
        assertThat(limits.path(0).path("name").asText()).isEqualTo("requests-per-minute");
        assertThat(limits.path(0).path("quota").asInt()).isEqualTo(3);
        assertThat(limits.path(0).path("remaining").asInt()).isEqualTo(3);
        assertThat(limits.path(0).path("window").asInt()).isEqualTo(60);
    }

    @Test
    void chargesTheTokensOfAnAnswerAndRefusesWhatTheyDoNotReachFor() throws Exception {
        Front carol = front("small", "carol");
        assertThat(carol.send("POST", "chat-messages", QUESTION).status()).isEqualTo(200);
        Front.Answer refused = carol.send("POST", "chat-messages", QUESTION);
        refused.assertIsProblem(429, "quota_exceeded");
        assertThat(DIFY.requests().stream()
                        .filter(request -> request.body().contains("\"carol\"")
                                && request.path().equals("/chat-messages")))
                .hasSize(1);
    }
}
