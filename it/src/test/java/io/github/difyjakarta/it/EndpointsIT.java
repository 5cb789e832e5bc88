package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoints beside the chat, as a front end made for Dify uses them. */
@ExtendWith(SharedServer.class)
class EndpointsIT {

    private static final DifySimulator DIFY =
            DifySimulator.builder().mode("advanced-chat").typing(Duration.ZERO).start();
    private static final DifySimulator TERSE =
            DifySimulator.builder().withoutSuggestions().typing(Duration.ZERO).start();
    private static final HttpClient DIRECT = HttpClient.newHttpClient();
    private static final WebArchive WAR = Wars.chat(
            "endpoints.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.apps",
                    "terse",
                    "dify.apps.terse.api-url",
                    TERSE.url().toString(),
                    "dify.apps.terse.api-key",
                    TERSE.key()));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY, TERSE);

    private final Front ada;
    private final Front terse;
    private String conversation = "";
    private String message = "";

    EndpointsIT(PayaraServer server) {
        ada = Front.of(server, "endpoints", "default", "ada");
        terse = Front.of(server, "endpoints", "terse", "ada");
    }

    @BeforeEach
    void talk() {
        JsonNode answer = ada.ask();
        conversation = answer.path("conversation_id").asText();
        message = answer.path("message_id").asText();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conversations",
                "conversations?limit=1&sort_by=created_at",
                "messages?conversation_id={conversation}",
                "messages?conversation_id={conversation}&limit=1",
                "messages?conversation_id=",
                "conversations/{conversation}/variables",
                "conversations/{conversation}/variables?limit=2",
                "messages/{message}/suggested",
                "parameters",
                "info",
                "meta",
                "site"
            })
    void passesOnWhatDifySays(String template) throws Exception {
        String path = path(template);

        Front.Answer answer = ada.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(direct(path)).isNotEmpty();
        assertThat(answer.head().header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.head().header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.head().headers()).doesNotContainKeys("X-Version", "Access-Control-Allow-Origin");
    }

    @Test
    void answersWithTheMessagesOfAConversationByTheTutorialsPathToo() throws Exception {
        assertThat(ada.get(path("conversations/{conversation}/messages?limit=5"))
                        .json())
                .isEqualTo(direct(path("messages?conversation_id={conversation}&limit=5")))
                .isNotEmpty();
    }

    @Test
    void leafsThroughAListByItsLastId() {
        ada.ask();
        JsonNode first = ada.get("conversations?limit=1&sort_by=created_at").json();
        assertThat(first.path("has_more").asBoolean()).isTrue();
        String last = first.path("data").get(0).path("id").asText();

        JsonNode second = ada.get("conversations?limit=1&sort_by=created_at&last_id=" + last)
                .json();

        assertThat(second.path("data").get(0).path("id").asText()).isNotEqualTo(last);
    }

    @Test
    void renamesAConversation() {
        Front.Answer answer =
                ada.send("POST", path("conversations/{conversation}/name"), "{\"name\":\"Order 4711 ä\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("name").asText()).isEqualTo("Order 4711 ä");
        assertThat(ada.get("conversations").json().path("data").get(0)).isEqualTo(answer.json());
    }

    @Test
    void hasANameMadeUp() {
        Front.Answer answer =
                ada.send("POST", path("conversations/{conversation}/name"), "{\"name\":\"\",\"auto_generate\":true}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("id").asText()).isEqualTo(conversation);
        assertThat(latest("/name").body()).contains("\"auto_generate\":true");
    }

    @Test
    void deletesAConversationOnce() {
        Front.Answer deleted = ada.send("DELETE", path("conversations/{conversation}"));

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(deleted.head().header("Cache-Control")).isEqualTo("no-store");
        assertThat(ada.get("conversations").body()).doesNotContain(conversation);
        assertThat(ada.send("DELETE", path("conversations/{conversation}")).status())
                .isEqualTo(404);
    }

    @Test
    void keepsTheConnectionForTheNextRequest(PayaraServer server) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            assertThatInfoComesBy(browser);
            assertThatInfoComesBy(browser);
            browser.send("DELETE", ada.app() + path("conversations/{conversation}"), ada.headers());
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).isEqualTo(204);
            assertThatInfoComesBy(browser);
        }
    }

    private void assertThatInfoComesBy(HttpConnection browser) throws IOException {
        HttpConnection.Head head =
                browser.send("GET", ada.app() + "info", ada.headers()).readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(browser.readBody(head)).contains("advanced-chat");
    }

    @Test
    void setsAVariableToAValueOfItsType() {
        JsonNode variables =
                ada.get(path("conversations/{conversation}/variables")).json().path("data");
        String mood = path("conversations/{conversation}/variables/") + id(variables, "mood");

        Front.Answer set = ada.send("PUT", mood, "{\"value\":\"happy\"}");
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.json().path("value").asText()).isEqualTo("happy");

        Front.Answer wrong = ada.send("PUT", mood, "{\"value\":{\"a\":[1,null]}}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("code").asText()).isEqualTo("bad_request");
        assertThat(wrong.json().path("message").asText()).contains("expects string");
    }

    private static String id(JsonNode variables, String name) {
        for (JsonNode variable : variables) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("id").asText();
            }
        }
        throw new AssertionError("no variable " + name + " in " + variables);
    }

    @Test
    void takesARatingAndTakesItBack() {
        rate("{\"rating\":\"like\",\"content\":\"Good to know\"}");
        assertThat(rating()).isEqualTo("like");
        assertThat(latest("/feedbacks").body()).contains("Good to know");
        rate("{\"rating\":\"dislike\"}");
        assertThat(rating()).isEqualTo("dislike");
        rate("{\"rating\":null}");
        assertThat(rating()).isEmpty();
        rate("{\"rating\":null}");
    }

    private void rate(String body) {
        Front.Answer answer = ada.send("POST", path("messages/{message}/feedbacks"), body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"result\":\"success\"}");
    }

    private String rating() {
        JsonNode messages =
                ada.get(path("messages?conversation_id={conversation}")).json();
        return messages.path("data").get(0).path("feedback").path("rating").asText("");
    }

    @Test
    void saysInDifysWordsThatAnAppSuggestsNothing() {
        String asked = terse.ask().path("message_id").asText();

        Front.Answer answer = terse.get("messages/" + asked + "/suggested");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.head().header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("code").asText()).isEqualTo("bad_request");
        assertThat(answer.json().path("message").asText()).isEqualTo("Suggested Questions Is Disabled.");
    }

    private String path(String template) {
        return Front.path(template, conversation, message);
    }

    private static RecordedRequest latest(String pathEnd) {
        return DIFY.requests().stream()
                .filter(request -> request.path().endsWith(pathEnd))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** The same as a server asks Dify, with the user that it is asked for. */
    private static JsonNode direct(String path) throws IOException, InterruptedException {
        String separator = path.contains("?") ? "&" : "?";
        URI uri = URI.create(DIFY.url() + "/" + path + separator + "user=ada");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + DIFY.key())
                .build();
        HttpResponse<String> response = DIRECT.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return Front.parse(response.body());
    }
}
