package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.List;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the endpoints beside the chat say to what is wrong, whoever did it. */
@ExtendWith(SharedServer.class)
class EndpointFailuresIT {

    private static final DifySimulator DIFY =
            DifySimulator.builder().mode("advanced-chat").typing(Duration.ZERO).start();
    private static final WebArchive WAR =
            Wars.chat("failures.war", Wars.with(Wars.settings(DIFY), "dify.apps", "bare", "dify.retry.attempts", "1"));
    private static final WebArchive UNFILTERED =
            Wars.chat("unfiltered.war", Wars.with(Wars.settings(DIFY), "dify.streaming.enabled", "false"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(List.of(WAR, UNFILTERED), DIFY);

    private final Front ada;
    private final Front bare;

    EndpointFailuresIT(PayaraServer server) {
        ada = Front.of(server, "failures", "default", "ada");
        bare = Front.of(server, "failures", "bare", "ada");
    }

    @ParameterizedTest
    @CsvSource({
        "conversations?limit=0, limit",
        "conversations?limit=101, limit",
        "conversations?limit=many, limit",
        "conversations?sort_by=name, sort_by",
        "conversations?last_id=..%2F.., last_id",
        "messages, conversation_id",
        "messages?conversation_id=7, conversation_id",
        "messages?conversation_id=0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b&first_id=7, first_id",
        "conversations/0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b/variables?variable_name=mood, variable_name"
    })
    void refusesWrongParametersWithoutAskingDify(String path, String field) {
        int before = DIFY.requests().size();

        Front.Answer answer = ada.get(path);

        answer.assertIsProblem(400, "invalid_param");
        assertThat(answer.json().path("message").asText()).startsWith(field + ": ");
        assertThat(DIFY.requests()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | conversations/{conversation}/name | {\"name\":\" \"} | invalid_param",
                "POST | conversations/{conversation}/name | {\"name\":7} | invalid_param",
                "POST | conversations/{conversation}/name | [] | bad_request",
                "POST | messages/{message}/feedbacks | {\"rating\":\"good\"} | invalid_param",
                "POST | messages/{message}/feedbacks | {\"rating\":\"like\",\"content\":{}} | invalid_param",
                "PUT | conversations/{conversation}/variables/{message} | {} | invalid_param",
                "PUT | conversations/{conversation}/variables/{message} | {\"value\": | bad_request"
            })
    void refusesWrongBodiesWithoutAskingDify(String method, String path, String body, String code) {
        int before = DIFY.requests().size();

        ada.send(method, Front.unknown(path), body).assertIsProblem(400, code);

        assertThat(DIFY.requests()).hasSize(before);
    }

    @Test
    void namesOtherMethodsThanThoseThatAreThere() {
        Front.Answer answer = ada.send("PUT", "conversations", "{}");
        answer.assertIsProblem(405, "http_405");
        assertThat(answer.head().header("Allow")).contains("GET");
    }

    @Test
    void saysWhatAnAppLacksThatIsNotConfigured() {
        Front.Answer answer = bare.get("conversations");
        answer.assertIsProblem(503, "not_configured");
        assertThat(answer.body()).contains("dify.apps.bare.api-key");
    }

    @Test
    void tellsDifysFailuresFromTheCallers() {
        DIFY.nextAt("GET", "/info", Script.json(401, "{\"code\":\"unauthorized\",\"message\":\"" + DIFY.key() + "\"}"));
        ada.get("info").assertIsProblem(502, "upstream_refused_key");
        DIFY.nextAt(
                "GET", "/site", Script.html(404, "<p>Page of an old server</p>").header("X-Version", "1.3.0"));
        ada.get("site").assertIsProblem(404, "not_supported");
        DIFY.nextAt(
                "POST",
                "/messages/*",
                Script.json(429, "{\"code\":\"rate_limit_error\",\"message\":\"\"}")
                        .header("Retry-After", "7"));
        Front.Answer limited = ada.send("POST", Front.unknown("messages/{message}/feedbacks"), "{\"rating\":\"like\"}");
        limited.assertIsProblem(503, "upstream_rate_limited");
        assertThat(limited.head().header("Retry-After")).isEqualTo("7");
    }

    @Test
    void worksWithoutTheStreamingFilter(PayaraServer server) {
        Front front = Front.of(server, "unfiltered", "default", "ada");
        assertThat(front.get("info").json().path("mode").asText()).isEqualTo("advanced-chat");
        front.send("DELETE", Front.unknown("conversations/{conversation}")).assertIsProblem(404, "not_found");
    }
}
