package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.it.host.Desk;
import io.github.difyjakarta.it.host.ScanningApi;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an administrator sets, forgets or mistypes, and what comes of it. */
@ExtendWith(SharedServer.class)
class ConfigurationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PayaraServer server;
    private final DifySimulator dify =
            DifySimulator.builder().typing(Duration.ZERO).start();

    ConfigurationIT(PayaraServer server) {
        this.server = server;
    }

    @AfterEach
    void endSimulator() {
        dify.close();
    }

    @Test
    void startsTheHostWithoutAnySettingAndNamesTheMissingOnes() throws IOException {
        WebArchive war = Wars.chat("missing.war", Map.of()).addClasses(ScanningApi.class, Desk.class);
        try (Visited app = new Visited(war)) {
            Answer answer = app.ask("default", "ada");
            assertThat(answer.head().status()).isEqualTo(503);
            assertThat(answer.head().header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.body())
                    .contains("\"code\":\"not_configured\"", "dify.api-url is missing", "dify.api-key is missing");

            assertThat(app.get("/missing/api/desk?app=default").body())
                    .startsWith("DifyConfigurationException")
                    .contains("dify.api-url", "dify.api-key");
            assertThat(app.get("/missing/api/desk?app=support").body())
                    .contains("DifyConfigurationException", "support");
        }
    }

    @Test
    void reportsAllThatIsWrongInOneMessageWithoutTheSecrets() throws IOException {
        WebArchive war = Wars.chat(
                "malformed.war",
                Map.of(
                        "dify.api-url",
                        "ftp://ada:PasswordOfTheUrl@localhost/v1",
                        "dify.api-key",
                        "app-Key\\u00e4OfSomebody",
                        "dify.relay.heartbeat",
                        "5 lightyears",
                        "dify.anonymous",
                        "perhaps"));
        int before = server.output().length();
        try (Visited app = new Visited(war)) {
            Answer answer = app.ask("default", "ada");
            assertThat(answer.head().status()).isEqualTo(503);
            assertThat(answer.body()).contains("dify.api-url", "dify.api-key");
        }
        String printed = server.output().substring(before);
        assertThat(printed.lines().filter(line -> line.contains("Dify is not configured")))
                .singleElement()
                .asString()
                .contains("dify.api-url", "dify.api-key", "dify.relay.heartbeat", "5 lightyears", "dify.anonymous");
        assertThat(printed).doesNotContain("PasswordOfTheUrl").doesNotContain("OfSomebody");
    }

    @Test
    void failsTheDeploymentWhereTheAdministratorWantsIt() throws IOException {
        WebArchive war = Wars.chat("strict.war", Map.of("dify.strict", "true"));
        int before = server.output().length();

        server.tryDeploy(war);

        assertThat(server.pageStatus(war)).isEqualTo(404);
        assertThat(server.output().substring(before)).contains("dify.api-url is missing", "dify.api-key is missing");
    }

    @Test
    void saysThatTheStreamingFilterIsOff() throws IOException {
        WebArchive war = Wars.chat("off.war", Wars.with(Wars.settings(dify), "dify.streaming.enabled", "false"));
        try (Visited app = new Visited(war)) {
            Answer answer = app.ask("default", "ada");

            assertThat(answer.head().status()).isEqualTo(503);
            assertThat(answer.body()).contains("not_configured", "dify.streaming.enabled");
        }
    }

    @Test
    void servesSeveralAppsByTheirNames() throws IOException {
        try (DifySimulator sales =
                DifySimulator.builder().key("app-sales").typing(Duration.ZERO).start()) {
            WebArchive war = Wars.chat(
                            "apps.war",
                            Map.of(
                                    "dify.apps", "support,sales",
                                    "dify.api-url", dify.url().toString(),
                                    "dify.apps.support.api-key", dify.key(),
                                    "dify.apps.sales.api-url", sales.url().toString(),
                                    "dify.apps.sales.api-key", sales.key()))
                    .addClasses(ScanningApi.class, Desk.class);
            try (Visited app = new Visited(war)) {
                assertThat(app.ask("support", "ada").head().status()).isEqualTo(200);
                assertThat(dify.requests()).anyMatch(ConfigurationIT::isQuestion);
                assertThat(sales.requests()).noneMatch(ConfigurationIT::isQuestion);

                assertThat(app.ask("sales", "ada").head().status()).isEqualTo(200);
                assertThat(sales.requests()).anyMatch(ConfigurationIT::isQuestion);

                assertThat(app.ask("unknown", "ada").head().status()).isEqualTo(404);
                assertThat(app.ask("default", "ada").head().status()).isEqualTo(404);

                assertThat(app.get("/apps/api/desk?app=sales").body()).contains("Who are you?");
                assertThat(sales.requests().stream().filter(ConfigurationIT::isQuestion))
                        .hasSize(2);
                assertThat(app.get("/apps/api/desk?app=support").body()).contains("Who are you?");
                assertThat(app.get("/apps/api/desk?app=default").body()).startsWith("DifyConfigurationException");
                assertThat(app.get("/apps/api/desk?app=nobody").body())
                        .startsWith("DifyConfigurationException")
                        .contains("\"nobody\"");
            }
        }
    }

    @Test
    void answersWithADocumentWhereNoStreamIsAskedFor() throws IOException {
        try (Visited app = new Visited(Wars.chat("document.war", Wars.settings(dify)))) {
            Answer answer =
                    app.post("default", "{\"query\":\"Who are you?\",\"inputs\":{}}", HttpConnection.user("ada"));

            assertThat(answer.head().status()).isEqualTo(200);
            assertThat(answer.head().header("Content-Type")).startsWith("application/json");
            assertThat(answer.body())
                    .startsWith("{\"event\":\"message\",")
                    .contains("\"mode\":\"chat\"", "Who are you?");
        }
    }

    @Test
    void turnsAwayWhoHasNotLoggedIn() throws IOException {
        try (Visited app = new Visited(Wars.chat("closed.war", Wars.settings(dify)))) {
            Answer answer = app.post("default", QUESTION);

            assertThat(answer.head().status()).isEqualTo(401);
            assertThat(answer.head().header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(dify.requests()).isEmpty();
    }

    @Test
    void knowsAnonymousCallersByACookieThatScriptsCannotRead() throws IOException {
        WebArchive war = Wars.plain("open.war", Wars.with(Wars.settings(dify), "dify.anonymous", "true"));
        try (Visited app = new Visited(war)) {
            Answer first = app.post("default", QUESTION);
            assertThat(first.head().status()).isEqualTo(200);
            String cookie = first.head().header("Set-Cookie");
            assertThat(cookie)
                    .startsWith("dify-anonymous=")
                    .containsIgnoringCase("HttpOnly")
                    .contains("SameSite=Lax");
            String sent = cookie.substring(0, cookie.indexOf(';'));

            Answer second = app.post("default", QUESTION.replace("my order", "it"), "Cookie: " + sent);
            assertThat(second.head().headers()).doesNotContainKey("Set-Cookie");
            Answer stranger = app.post("default", QUESTION.replace("my order", "she"));
            assertThat(stranger.head().status()).isEqualTo(200);

            String user = user(question("my order"));
            assertThat(user).startsWith("anonymous-").isNotEqualTo(user(question("she")));
            assertThat(user(question("it"))).isEqualTo(user);
            assertThat(user).doesNotContain(sent.substring(sent.indexOf('=') + 1));
        }
    }

    @Test
    void asksAsTheLoggedInUserWhateverTheBodySays() throws IOException {
        try (Visited app = new Visited(Wars.chat("user.war", Wars.settings(dify)))) {
            app.post(
                    "default",
                    QUESTION.replace("{\"query\"", "{\"user\":\"victim\",\"query\""),
                    HttpConnection.user("ada"),
                    "X-User-ID: victim");

            assertThat(question("my order").body()).contains("\"user\":\"ada\"").doesNotContain("victim");
        }
    }

    @Test
    void stopsOnlyWhatTheUserHasAsked() throws IOException {
        dify.next(Answers.events("hers", 1, Duration.ZERO)
                .awaitStop(Duration.ofSeconds(20))
                .event(Answers.messageEnd("hers"))
                .end());
        try (Visited app = new Visited(Wars.chat("stop.war", Wars.settings(dify)));
                HttpConnection ada = new HttpConnection(server.port())) {
            ada.post("/stop/dify/default/chat-messages", QUESTION, HttpConnection.user("ada"));
            HttpConnection.Head head = ada.readHead();
            assertThat(ada.readChunkWith("word 0").text()).isNotEmpty();

            Answer stranger = app.stop("hers", "bob");
            assertThat(stranger.head().status()).isEqualTo(200);
            assertThat(stranger.body()).isEqualTo("{\"result\":\"success\"}");
            assertThat(dify.requests()).noneMatch(request -> request.path().endsWith("/stop"));

            Answer own = app.stop("hers", "ada");
            assertThat(own.body()).isEqualTo("{\"result\":\"success\"}");
            assertThat(dify.awaitRequest(request -> request.path().endsWith("/hers/stop"), PATIENCE)
                            .body())
                    .contains("\"user\":\"ada\"");
            assertThat(ada.readBody(head)).contains("message_end");
        }
    }

    private RecordedRequest question(String part) {
        return dify.awaitRequest(
                request -> isQuestion(request) && request.body().contains(part + "?"), PATIENCE);
    }

    private static boolean isQuestion(RecordedRequest request) {
        return request.path().equals("/chat-messages");
    }

    private static String user(RecordedRequest request) {
        return request.body().replaceFirst(".*\"user\":\"([^\"]*)\".*", "$1");
    }

    private record Answer(HttpConnection.Head head, String body) {}

    /** An application for the time of one test. */
    private final class Visited implements AutoCloseable {
        private final WebArchive war;

        Visited(WebArchive war) {
            this.war = war;
            server.deploy(war);
        }

        Answer ask(String app, String user) throws IOException {
            return post(app, QUESTION, HttpConnection.user(user));
        }

        Answer post(String app, String body, String... headers) throws IOException {
            return send(app + "/chat-messages", body, headers);
        }

        Answer stop(String task, String user) throws IOException {
            return send("default/chat-messages/" + task + "/stop", "{}", HttpConnection.user(user));
        }

        private Answer send(String path, String body, String... headers) throws IOException {
            try (HttpConnection browser = new HttpConnection(server.port())) {
                browser.post("/" + PayaraServer.contextOf(war) + "/dify/" + path, body, headers);
                HttpConnection.Head head = browser.readHead();
                return new Answer(head, browser.readBody(head));
            }
        }

        Answer get(String path) throws IOException {
            try (HttpConnection browser = new HttpConnection(server.port())) {
                HttpConnection.Head head = browser.get(path).readHead();
                return new Answer(head, browser.readBody(head));
            }
        }

        @Override
        public void close() {
            server.undeploy(war);
        }
    }
}
