package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose pages and which users may ask, and what they get to see. */
@ExtendWith(SharedServer.class)
class GuardIT {
    private static final String STREAM = "{\"query\":\"Hello?\",\"inputs\":{},\"response_mode\":\"streaming\"}";
    private static final String DOCUMENT = "{\"query\":\"Hello?\",\"inputs\":{}}";
    private static final String IDS = "\"task_id\":\"t\",\"message_id\":\"m\",\"conversation_id\":\"c\"";
    private static final String NODE = "{\"event\":\"node_finished\"," + IDS + ",\"data\":{\"outputs\":\"Hidden\"}}";
    private static final String LOG = "{\"event\":\"agent_log\"," + IDS + ",\"data\":{\"label\":\"Hidden\"}}";
    private static final String THOUGHT = "{\"event\":\"agent_thought\"," + IDS + ",\"thought\":\"Hidden\"}";
    private static final String NEW = "{\"event\":\"brand_new\"," + IDS + "}";
    private static final String END = "{\"event\":\"message_end\"," + IDS
            + ",\"metadata\":{\"usage\":{\"total_tokens\":7},\"retriever_resources\":[{\"content\":\"Hidden\"}]}}";
    private static final String LISTED = "https://front.example.org";

    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.chat(
            "guard.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.mode",
                    "chat",
                    "dify.relay.allowed-origins",
                    LISTED,
                    "dify.relay.roles",
                    "role-of-carol",
                    "dify.relay.role.role-of-carol.events",
                    "all",
                    "dify.apps",
                    "staff,picky,steps",
                    "dify.apps.staff.api-key",
                    DIFY.key(),
                    "dify.apps.staff.relay.roles-allowed",
                    "admin, role-of-bob",
                    "dify.apps.picky.api-key",
                    DIFY.key(),
                    "dify.apps.picky.relay.inputs",
                    "city",
                    "dify.apps.steps.api-key",
                    DIFY.key(),
                    "dify.apps.steps.relay.events",
                    "answer,steps",
                    "dify.quota.enabled",
                    "true",
                    "dify.quota.trusted-proxies",
                    "127.0.0.0/8",
                    "dify.quota.user.requests-per-minute",
                    "1000",
                    "dify.quota.roles",
                    "role-of-eve",
                    "dify.quota.role.role-of-eve.requests-per-minute",
                    "1"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final PayaraServer server;
    private final Front ada;

    GuardIT(PayaraServer server) {
        this.server = server;
        this.ada = Front.of(server, "guard", "default", "ada");
    }

    /** Sends what no script of ours would, with nothing but these headers. */
    private Front.Answer send(String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(HttpConnection.user("ada")));
        all.addAll(Arrays.asList(headers));
        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head = (body.isEmpty()
                            ? browser.send(method, "/guard/dify/default/" + path, all)
                            : browser.send(method, "/guard/dify/default/" + path, body, all.toArray(String[]::new)))
                    .readHead();
            return new Front.Answer(head, browser.readBody(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- sites

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: http://localhost:81",
                "Origin: https://localhost",
                "Origin: http://localhost.evil.example",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void refusesPagesOfOtherSitesWithoutAWordThatTheyCouldRead(String header) {
        int before = DIFY.requests().size();
        for (Front.Answer answer : List.of(
                send("POST", "chat-messages", DOCUMENT, header),
                send("GET", "conversations", "", header),
                send("DELETE", Front.unknown("conversations/{conversation}"), "", header))) {
            answer.assertIsProblem(403, "cross_site");
            assertThat(answer.head().headers().keySet()).noneMatch(name -> name.startsWith("Access-Control"));
        }
        assertThat(DIFY.requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://localhost",
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "X-Anything: a program"
            })
    void answersItsOwnPagesAndPrograms(String header) {
        Front.Answer answer = send("POST", "chat-messages", DOCUMENT, header);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.head().headers().keySet()).noneMatch(name -> name.startsWith("Access-Control"));
    }

    @Test
    void knowsItsOwnPagesBehindAProxyThatIsTrusted() {
        String[] proxied = {
            "X-Forwarded-Proto: https", "X-Forwarded-Host: chat.example.org", "Origin: https://chat.example.org"
        };
        assertThat(send("POST", "chat-messages", DOCUMENT, proxied).status()).isEqualTo(200);
        proxied[2] = "Origin: http://localhost";
        send("POST", "chat-messages", DOCUMENT, proxied).assertIsProblem(403, "cross_site");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data;boundary=b, 403",
        "'', 415"
    })
    void takesNoFormThatSaysNotFromWhereItComes(String type, int status) {
        int before = DIFY.requests().size();
        Front.Answer answer = send("POST", "chat-messages", "{\"query\":\"a\",\"x\":\"=\"}", "Content-Type: " + type);
        answer.assertIsProblem(status, status == 403 ? "cross_site" : "unsupported_media_type");
        assertThat(DIFY.requests()).hasSize(before);
    }

    @Test
    void wantsAHeaderOfScriptsWhereAFormOfAnotherSiteCouldDoTheSame() {
        String path = Front.unknown("conversations/{conversation}");
        send("DELETE", path, "").assertIsProblem(403, "cross_site");
        send("POST", "chat-messages/t/stop", "").assertIsProblem(403, "cross_site");
        send("DELETE", path, "", "X-Requested-With: fetch").assertIsProblem(404, "not_found");
    }

    @Test
    void whatAnotherSiteSendsCostsItsVictimNothing() {
        Front eve = Front.of(server, "guard", "default", "eve");
        for (int i = 0; i < 5; i++) {
            eve.with("Sec-Fetch-Site: cross-site")
                    .send("POST", "chat-messages", DOCUMENT)
                    .assertIsProblem(403, "cross_site");
        }
        assertThat(eve.send("POST", "chat-messages", DOCUMENT).status()).isEqualTo(200);
        eve.send("POST", "chat-messages", DOCUMENT).assertIsProblem(429, "quota_exceeded");
    }

    @Test
    void letsAListedSiteAskBeforehandAndReadTheAnswer() {
        int before = DIFY.requests().size();
        Front.Answer preflight = send(
                "OPTIONS",
                "chat-messages",
                "",
                "Origin: " + LISTED,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type",
                "Sec-Fetch-Site: cross-site");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.head().header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
        assertThat(preflight.head().header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(preflight.head().header("Access-Control-Allow-Methods")).contains("POST", "DELETE");
        assertThat(preflight.head().header("Access-Control-Allow-Headers")).contains("Content-Type");
        assertThat(DIFY.requests()).hasSize(before);

        for (String body : List.of(DOCUMENT, STREAM, "{")) {
            Front.Answer answer =
                    send("POST", "chat-messages", body, "Origin: " + LISTED, "Sec-Fetch-Site: cross-site");
            assertThat(answer.status()).isEqualTo(body.equals("{") ? 400 : 200);
            assertThat(answer.head().header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
            assertThat(answer.head().header("Access-Control-Expose-Headers")).contains("Retry-After");
            assertThat(answer.head().header("Vary")).contains("Origin");
        }
        send("OPTIONS", "chat-messages", "", "Origin: https://evil.example", "Access-Control-Request-Method: POST")
                .assertIsProblem(403, "cross_site");
    }

    // ---- roles

    @Test
    void letsOnlyWhoIsInAnAllowedRoleUseTheApp() {
        int before = DIFY.requests().size();
        Front staff = Front.of(server, "guard", "staff", "ada");
        staff.send("POST", "chat-messages", DOCUMENT).assertIsProblem(403, "forbidden");
        staff.get("parameters").assertIsProblem(403, "forbidden");
        staff.loggedOut().get("parameters").assertIsProblem(401, "unauthorized");
        assertThat(DIFY.requests()).hasSize(before);
        assertThat(Front.of(server, "guard", "staff", "bob")
                        .send("POST", "chat-messages", DOCUMENT)
                        .status())
                .isEqualTo(200);
    }

    // ---- events

    private static Script whole() {
        return Script.stream()
                .event(NODE)
                .event(Answers.event("t", 0))
                .event(LOG)
                .event(THOUGHT)
                .event(NEW)
                .event(END)
                .end();
    }

    private List<String> events(String app, String user) {
        DIFY.next(whole());
        return Answers.data(Front.of(server, "guard", app, user)
                .send("POST", "chat-messages", STREAM)
                .body());
    }

    @Test
    void showsAPlainUserTheAnswerAndNothingBehindIt() {
        List<String> events = events("default", "ada");
        assertThat(events).hasSize(3).noneMatch(event -> event.contains("Hidden"));
        assertThat(events.subList(0, 2)).containsExactly(Answers.event("t", 0), NEW);
        assertThat(Front.parse(events.get(2)).at("/metadata/usage/total_tokens").asInt())
                .isEqualTo(7);
        assertThat(events.get(2)).doesNotContain("retriever_resources");
    }

    @Test
    void showsWhatTheAppOrTheRoleAllows() {
        assertThat(events("steps", "ada")).hasSize(3).startsWith(NODE, Answers.event("t", 0));
        assertThat(events("default", "carol")).containsExactly(NODE, Answers.event("t", 0), LOG, THOUGHT, NEW, END);
    }

    @Test
    void hidesTheSameInDocumentsAndHistory() {
        DIFY.next(whole());
        Front.Answer answer = ada.send("POST", "chat-messages", DOCUMENT);
        assertThat(answer.json().at("/metadata/usage/total_tokens").asInt()).isEqualTo(7);
        assertThat(answer.body()).doesNotContain("Hidden").contains("word 0");

        String page = "{\"limit\":20,\"has_more\":false,\"data\":[{\"id\":\"m\",\"answer\":\"Shown\","
                + "\"retriever_resources\":[{\"content\":\"Hidden\"}],\"agent_thoughts\":[{\"thought\":\"Hidden\"}]}]}";
        String path = Front.unknown("messages?conversation_id={conversation}");
        DIFY.nextAt("GET", "/messages", Script.json(200, page));
        assertThat(ada.get(path).body()).contains("Shown").doesNotContain("Hidden");
        DIFY.nextAt("GET", "/messages", Script.json(200, page));
        assertThat(Front.of(server, "guard", "default", "carol").get(path).body())
                .isEqualTo(page);
    }

    // ---- inputs

    @Test
    void takesOnlyTheInputsThatAreListed() {
        Front picky = Front.of(server, "guard", "picky", "ada");
        int before = DIFY.requests().size();
        picky.send("POST", "chat-messages", "{\"query\":\"a\",\"inputs\":{\"city\":\"Bonn\",\"sys.user_id\":\"bob\"}}")
                .assertIsProblem(400, "invalid_param");
        assertThat(DIFY.requests()).hasSize(before);
        assertThat(picky.send("POST", "chat-messages", "{\"query\":\"a\",\"inputs\":{\"city\":\"Bonn\"}}")
                        .status())
                .isEqualTo(200);
    }
}
