package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the endpoints beside the chat, and which of them there are. */
@ExtendWith(SharedServer.class)
class EndpointAccessIT {

    private static final DifySimulator DIFY =
            DifySimulator.builder().mode("advanced-chat").typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.chat(
            "access.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.apps",
                    "narrow",
                    "dify.apps.narrow.api-key",
                    DIFY.key(),
                    "dify.apps.narrow.relay.endpoints",
                    "conversations"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final Front ada;
    private final Front bob;
    private final Front narrow;

    EndpointAccessIT(PayaraServer server) {
        ada = Front.of(server, "access", "default", "ada");
        bob = Front.of(server, "access", "default", "bob");
        narrow = Front.of(server, "access", "narrow", "ada");
    }

    /** One request of each kind; {@code body} is empty where there is none. */
    private record Use(String method, String path, String body) {
        Front.Answer by(Front front) {
            return body.isEmpty() ? front.send(method, path) : front.send(method, path, body);
        }

        Use at(UnaryOperator<String> change) {
            return new Use(method, change.apply(path), body);
        }
    }

    /** What concerns one conversation or message. */
    static Stream<Arguments> ofOne() {
        return Stream.of(
                use("messages", "GET", "messages?conversation_id={conversation}", ""),
                use("messages by the tutorials' path", "GET", "conversations/{conversation}/messages", ""),
                use("renaming", "POST", "conversations/{conversation}/name", "{\"name\":\"mine\"}"),
                use("naming", "POST", "conversations/{conversation}/name", "{\"auto_generate\":true}"),
                use("deleting", "DELETE", "conversations/{conversation}", ""),
                use("variables", "GET", "conversations/{conversation}/variables", ""),
                use("setting", "PUT", "conversations/{conversation}/variables/{message}", "{\"value\":1}"),
                use("rating", "POST", "messages/{message}/feedbacks", "{\"rating\":\"like\"}"),
                use("suggestions", "GET", "messages/{message}/suggested", ""));
    }

    static Stream<Arguments> all() {
        return Stream.concat(
                ofOne(),
                Stream.of(
                        use("conversations", "GET", "conversations", ""),
                        use("parameters", "GET", "parameters", ""),
                        use("info", "GET", "info", ""),
                        use("meta", "GET", "meta", ""),
                        use("site", "GET", "site", "")));
    }

    private static Arguments use(String name, String method, String path, String body) {
        return argumentSet(name, new Use(method, path, body));
    }

    @ParameterizedTest
    @MethodSource("ofOne")
    void anothersThingsAreAnsweredLikeUnknownOnes(Use use) {
        JsonNode hers = ada.ask();

        Front.Answer answer = use.at(path -> filled(path, hers)).by(bob);

        answer.assertIsProblem(404, "not_found");
        assertThat(answer.body())
                .isEqualTo(use.at(Front::unknown).by(bob).body())
                .doesNotContain("/v1");
        assertThat(ada.get("conversations").body())
                .contains(hers.path("conversation_id").asText())
                .doesNotContain("mine");
    }

    @Test
    void theUserIsTheCallerWhateverTheRequestSays() {
        JsonNode his = bob.ask();
        int before = DIFY.requests().size();

        assertThat(ada.get("conversations?user=bob").body())
                .doesNotContain(his.path("conversation_id").asText());
        Use read = new Use("GET", filled("messages?user=bob&conversation_id={conversation}", his), "");
        Use rename = new Use(
                "POST", filled("conversations/{conversation}/name?user=bob", his), "{\"user\":\"bob\",\"name\":\"x\"}");
        Use rate =
                new Use("POST", filled("messages/{message}/feedbacks", his), "{\"rating\":\"like\",\"user\":\"bob\"}");
        for (Use use : List.of(read, rename, rate)) {
            assertThat(use.by(ada.with("X-User-ID: bob")).status()).isEqualTo(404);
        }

        List<RecordedRequest> asked =
                DIFY.requests().subList(before, DIFY.requests().size());
        assertThat(asked).hasSize(4).allSatisfy(request -> assertThat(request.query() + request.body())
                .contains("ada")
                .doesNotContain("bob"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void refusesOtherSitesAndStrangersWithoutAskingDify(Use use) {
        Use filled = use.at(Front::unknown);
        int before = DIFY.requests().size();

        filled.by(ada.with("Sec-Fetch-Site: cross-site")).assertIsProblem(403, "cross_site");
        filled.by(ada.with("Sec-Fetch-Site: same-site")).assertIsProblem(403, "cross_site");
        filled.by(ada.loggedOut()).assertIsProblem(401, "unauthorized");

        assertThat(DIFY.requests()).hasSize(before);
        assertThat(filled.by(ada.with("Sec-Fetch-Site: same-origin")).status()).isIn(200, 404);
    }

    @ParameterizedTest
    @MethodSource("all")
    void takesBodiesOfTheTypeOfJsonOnly(Use use) {
        if (use.body().isEmpty()) {
            return;
        }
        Use filled = use.at(Front::unknown);
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data;boundary=b")) {
            filled.by(ada.with("Content-Type: " + type)).assertIsProblem(415, "unsupported_media_type");
        }
        assertThat(filled.by(ada.with("Content-Type: application/json;charset=utf-8"))
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsSwitchedOffIsNotThere(Use use) {
        Use filled = use.at(Front::unknown);
        boolean on = use.path().matches("conversations|conversations/\\{conversation}(/name)?");
        int before = DIFY.requests().size();

        Front.Answer answer = filled.by(narrow);

        if (on) {
            assertThat(DIFY.requests()).hasSize(before + 1);
        } else {
            answer.assertIsProblem(404, "not_found");
            assertThat(DIFY.requests()).hasSize(before);
        }
    }

    @Test
    void theChatCanBeSwitchedOffToo() {
        narrow.send("POST", "chat-messages", Answers.QUESTION).assertIsProblem(404, "not_found");
        narrow.send("POST", "chat-messages/some-task/stop", "{}").assertIsProblem(404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workflows/logs",
                "workflows/run/0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
                "end-users/0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
                "app/feedbacks",
                "apps/annotations",
                "form/human_input/token",
                "files/0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b/preview",
                "datasets",
                "conversations/../app/feedbacks",
                "conversations/%2e%2e/app/feedbacks",
                "messages/..%2Fapp%2Ffeedbacks/suggested",
                "conversations/7/messages",
                "conversations/0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b%3Fuser=b/messages",
                "messages/7/suggested"
            })
    void whatHasNoUserAtDifyAndWhatIsNoIdIsNeverReached(String path) {
        int before = DIFY.requests().size();

        assertThat(ada.get(path).status()).isIn(400, 404);

        assertThat(DIFY.requests()).hasSize(before);
    }

    private static String filled(String path, JsonNode answer) {
        return Front.path(
                path,
                answer.path("conversation_id").asText(),
                answer.path("message_id").asText());
    }
}
