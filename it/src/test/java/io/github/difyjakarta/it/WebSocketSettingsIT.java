package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.DifySimulator;
import java.time.Duration;
import java.util.List;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets as an administrator may want them: limited, moved, behind a constraint, for everybody. */
@ExtendWith(SharedServer.class)
@Timeout(60)
class WebSocketSettingsIT {
    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();

    private static final WebArchive LIMITED = Wars.chat(
            "limited.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.quota.enabled",
                    "true",
                    "dify.quota.url-patterns",
                    "/*",
                    "dify.quota.user.requests-per-minute",
                    "30",
                    "dify.quota.user.streams",
                    "2"));

    private static final WebArchive OPEN = Wars.plain(
                    "open.war",
                    Wars.with(
                            Wars.settings(DIFY),
                            "dify.anonymous",
                            "true",
                            "dify.websocket.path",
                            "/moved/ws",
                            "dify.websocket.ping-interval",
                            "200ms",
                            "dify.websocket.idle-timeout",
                            "2s"))
            .addAsWebInfResource(new StringAsset("<beans/>"), "beans.xml");

    private static final WebArchive CONSTRAINED =
            Wars.chat("constrained.war", Wars.settings(DIFY)).setWebXML(new StringAsset("""
                    <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                      <security-constraint>
                        <web-resource-collection>
                          <web-resource-name>chat</web-resource-name>
                          <url-pattern>/dify-ws/*</url-pattern>
                        </web-resource-collection>
                        <auth-constraint><role-name>user</role-name></auth-constraint>
                      </security-constraint>
                      <security-role><role-name>user</role-name></security-role>
                    </web-app>
                    """));

    @RegisterExtension
    static final Deployed APP = Deployed.of(List.of(LIMITED, OPEN, CONSTRAINED), DIFY);

    private final PayaraServer server;

    WebSocketSettingsIT(PayaraServer server) {
        this.server = server;
    }

    /** 30 a minute are one each 2 s, after the first 30. */
    @Test
    void everyQuestionCountsLikeARequestAndByTheSameCounter() throws Exception {
        Front front = Front.of(server, "limited", "default", "ada");
        for (int i = 0; i < 10; i++) {
            assertThat(front.ask().path("answer").asText()).isNotEmpty();
        }
        try (SocketClient browser = SocketClient.connect(server, "/limited/dify-ws/default", "ada")) {
            for (int i = 0; i < 20; i++) {
                assertThat(browser.ask("Where is order 4711?").answer()).isNotEmpty();
            }
            browser.ask("Where is order 4711?");
            JsonNode refused = browser.next().json();
            while (!refused.path("type").asText().equals("error")) { // some seconds may have passed meanwhile
                refused = browser.next().json();
                if (refused.path("type").asText().equals("done")) {
                    browser.ask("Where is order 4711?");
                }
            }
            assertThat(refused.path("code").asText()).isEqualTo("quota_exceeded");
            assertThat(refused.path("status").asInt()).isEqualTo(429);
            int wait = refused.path("retry_after").asInt();
            assertThat(wait).isBetween(1, 2);
            try (SocketClient other = SocketClient.connect(server, "/limited/dify-ws/default", "bob")) {
                assertThat(other.ask("Where is order 4711?").answer()).isNotEmpty();
            }
            await().pollDelay(Duration.ofSeconds(wait)).until(() -> true);
            assertThat(browser.ask("Where is order 4711?").answer()).isNotEmpty();
        }
    }

    @Test
    void anonymousCallersHaveACookieAndSilenceIsFilledAndEnds() throws Exception {
        try (SocketClient browser = SocketClient.anonymous(server, "/open/moved/ws/default")) {
            assertThat(browser.ask("Where is order 4711?").answer()).isNotEmpty();
            assertThat(browser.closed()).isEqualTo("1000 idle");
            assertThat(browser.pings()).isGreaterThan(2);
        }
        try (HttpConnection raw = new HttpConnection(server.port())) {
            HttpConnection.Head head = raw.get(
                            "/open/moved/ws/default",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            "Sec-WebSocket-Version: 13",
                            "Origin: http://localhost")
                    .readHead();
            assertThat(head.status()).isEqualTo(101);
            assertThat(head.header("Set-Cookie")).contains("dify-anonymous=");
        }
    }

    @Test
    void aConstraintOfTheApplicationHolds() throws Exception {
        try (HttpConnection stranger = new HttpConnection(server.port())) {
            HttpConnection.Head head = stranger.get(
                            "/constrained/dify-ws/default",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            "Sec-WebSocket-Version: 13",
                            "Origin: http://localhost")
                    .readHead();
            assertThat(head.status()).isEqualTo(401);
            assertThat(head.header("WWW-Authenticate")).startsWith("Basic");
        }
        try (SocketClient browser = SocketClient.connect(server, "/constrained/dify-ws/default", "ada")) {
            assertThat(browser.ask("Where is order 4711?").answer()).isNotEmpty();
        }
    }
}
