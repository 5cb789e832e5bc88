package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCalls.ID;
import static io.github.difyjakarta.client.contract.ClientCalls.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.conversation.Rating;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.workflow.LogQuery;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals, and what passes for one. */
class RefusalQuirksTest extends QuirksTest {
    @Test
    void aHintInTheMessageChangesNothing() {
        String hint =
                "Conversation Not Exists. You have requested this URI [/v1/messages] but did you mean /v1/messages ?";
        dify.nextAt("GET", "/messages", refusal(404, "not_found", hint));
        assertThatThrownBy(() -> client.messages().list(USER, ID, 20))
                .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                    assertThat(refused).satisfies(that(404, "not_found"));
                    assertThat(refused.difyMessage()).isEqualTo(hint);
                });
    }

    @Test
    void aPageOfHtmlIsToldByItsStatusAndKept() {
        String page = "<!doctype html><title>404 Not Found</title>";
        dify.nextAt("GET", "/messages", Script.html(404, page));
        assertThatThrownBy(() -> client.messages().list(USER, ID, 20))
                .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                    assertThat(refused).satisfies(that(404, "http_404"));
                    assertThat(refused.difyMessage()).isEmpty();
                    assertThat(refused.reply().body()).isEqualTo(page);
                });
    }

    @ParameterizedTest
    @CsvSource({"application/json, ''", "application/json, '{\"code\":'", "application/json, '[]'", "'', ''"})
    void whatIsNoEnvelopeIsToldByItsStatus(String type, String body) {
        dify.nextAt("POST", "/chat-messages", Script.json(500, body).contentType(type));
        assertThatThrownBy(() -> client.chat().ask(QUESTION))
                .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                    assertThat(refused).satisfies(that(500, "http_500"));
                    assertThat(refused.difyMessage()).isEmpty();
                });
    }

    @Test
    void anEndpointThatIsNewerThanTheServerIsNamedSo() {
        dify.nextAt(
                "GET", "/site", Script.html(404, "<title>404 Not Found</title>").header("X-Version", "1.3.1"));
        assertThatThrownBy(() -> client.app().site())
                .isInstanceOfSatisfying(DifyUnsupportedException.class, unsupported -> assertThat(unsupported.needed())
                        .isEqualTo("1.4.0"));
    }

    @Test
    void anEndpointThatAnOldServerHasWithAnotherMethodIsNamedSo() {
        Script refused = refusal(405, "method_not_allowed", "The method is not allowed for the requested URL.");
        dify.nextAt("PUT", "/apps/annotations/*", refused.header("X-Version", "1.3.0"));
        assertThatThrownBy(() -> client.annotations().update(ID, "q", "a"))
                .isInstanceOfSatisfying(DifyUnsupportedException.class, unsupported -> assertThat(unsupported.needed())
                        .isEqualTo("1.3.1"))
                .hasMessageContaining("this is 1.3.0");
        dify.nextAt("PUT", "/apps/annotations/*", refused.header("X-Version", "1.16.0"));
        assertThatThrownBy(() -> client.annotations().update(ID, "q", "a"))
                .isInstanceOfSatisfying(DifyApiException.class, that(405, "method_not_allowed"));
    }

    @Test
    void aPartOfARequestThatAnOldServerPassesOverIsNamedSo() {
        dify.nextAt("GET", "/workflows/logs", Script.json(200, "{\"data\":[]}").header("X-Version", "1.4.3"));
        assertThatThrownBy(
                        () -> client.workflows().logs(LogQuery.ALL.ofUser(USER)).toList())
                .isInstanceOf(DifyUnsupportedException.class)
                .hasMessageContaining("created_by_end_user_session_id")
                .hasMessageContaining("needs Dify 1.5.0");
        dify.nextAt("GET", "/workflows/logs", Script.json(200, "{\"data\":[]}").header("X-Version", "1.4.3"));
        assertThat(client.workflows().logs(LogQuery.ALL)).isEmpty();
        ChatRequest versioned = QUESTION.toVersion(ID);
        dify.nextAt(
                "POST",
                "/chat-messages",
                Script.stream().header("X-Version", "1.7.1").headNow().silence());
        assertThatThrownBy(() -> client.chat().ask(versioned))
                .isInstanceOf(DifyUnsupportedException.class)
                .hasMessageContaining("workflow_id")
                .hasMessageContaining("needs Dify 1.7.2");
        dify.nextAt("POST", "/chat-messages", Script.json(200, ANSWER).header("X-Version", "1.7.1"));
        assertThatThrownBy(() -> client.chat().askUnstreamed(versioned)).isInstanceOf(DifyUnsupportedException.class);
        dify.nextAt("POST", "/chat-messages", Script.json(200, ANSWER).header("X-Version", "1.7.2"));
        assertThat(client.chat().askUnstreamed(versioned).text()).isEqualTo("Here.");
    }

    @ParameterizedTest
    @CsvSource({"200, application/json", "204, application/json", "200, ''"})
    void aYesWithoutAnAnswerIsNoAnswer(int status, String type) {
        dify.nextAt("POST", "/chat-messages", Script.json(status, "").contentType(type));
        assertThatThrownBy(() -> client.chat().askUnstreamed(QUESTION))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.NOT_DIFY));
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                argumentSet("as documented", refusal(429, "too_many_requests", "Too many requests.")),
                argumentSet(
                        "as on the wire",
                        refusal(
                                400,
                                "invalid_param",
                                "Too many requests. Please try again later. The current maximum concurrent requests"
                                        + " allowed for x is 1.")));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void tooManyRunsAtOnceAreAskedAgain(Script limit) {
        dify.nextAt("POST", "/chat-messages", limit);
        dify.nextAt("POST", "/chat-messages", limit);
        dify.nextAt("POST", "/chat-messages", Script.json(200, ANSWER));
        assertThat(client.chat().askUnstreamed(QUESTION).text()).isEqualTo("Here.");
        assertThat(dify.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat-messages", "/workflows/run"})
    void aUsedUpQuotaIsNotAskedAgain(String path) {
        dify.nextAt("POST", path, refusal(429, "rate_limit_error", "Rate Limit Error"));
        assertThatThrownBy(() -> {
                    if (path.equals("/workflows/run")) {
                        client.workflows().run(RUN);
                    } else {
                        client.chat().ask(QUESTION);
                    }
                })
                .isInstanceOfSatisfying(DifyApiException.class, that(429, "rate_limit_error"));
        onlyRequest();
    }

    @Test
    void whatAGatewayWantsToBeWaitedIsTold() {
        dify.nextAt(
                "POST",
                "/chat-messages",
                Script.html(429, "<h1>error code: 1015</h1>").header("Retry-After", "7"));
        assertThatThrownBy(() -> client.chat().ask(QUESTION))
                .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                    assertThat(refused).satisfies(that(429, "http_429"));
                    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7));
                });
    }

    @Test
    void aGatewaysLimitIsWaitedForWhereAskingAgainDoesNoHarm() {
        dify.nextAt(
                "GET", "/info", Script.html(429, "<h1>error code: 1015</h1>").header("Retry-After", "0"));
        dify.nextAt("GET", "/info", Script.json(200, "{\"name\":\"Desk\"}"));
        assertThat(client.app().info().name()).isEqualTo("Desk");
        dify.nextAt("GET", "/info", refusal(429, "rate_limit_error", "Rate Limit Error"));
        assertThatThrownBy(() -> client.app().info())
                .isInstanceOfSatisfying(DifyApiException.class, that(429, "rate_limit_error"));
        assertThat(dify.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 504, 524})
    void whatAProxyCutOffIsNeverRunTwice(int status) {
        dify.nextAt("POST", "/chat-messages", Script.html(status, "<html></html>"));
        dify.nextAt("POST", "/workflows/run", Script.html(status, "<html></html>"));
        assertThatThrownBy(() -> client.chat().askUnstreamed(QUESTION))
                .isInstanceOfSatisfying(DifyApiException.class, that(status, "http_" + status));
        assertThatThrownBy(() -> client.workflows().runUnstreamed(RUN))
                .isInstanceOfSatisfying(DifyApiException.class, that(status, "http_" + status));
        assertThat(dify.requests()).hasSize(2);
    }

    @Test
    void oldServersNameTheField() {
        dify.nextAt(
                "GET",
                "/conversations",
                Script.json(
                        400, "{\"code\":\"invalid_param\",\"message\":\"x\",\"params\":\"last_id\",\"status\":400}"));
        assertThatThrownBy(() -> client.conversations().list(USER, 20))
                .isInstanceOfSatisfying(
                        DifyApiException.class,
                        refused -> assertThat(refused.reply().params()).contains("last_id"));
    }

    @Test
    void newServersWriteSeveralLines() {
        dify.nextAt("GET", "/conversations", refusal(400, "invalid_param", "1 error\\nlimit\\n  too large"));
        assertThatThrownBy(() -> client.conversations().list(USER, 20))
                .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                    assertThat(refused.difyMessage()).isEqualTo("1 error\nlimit\n  too large");
                    assertThat(refused.reply().params()).isEmpty();
                });
    }

    @Test
    void codesThatNobodyDocumentedAreToldAsTheyAre() {
        dify.nextAt("POST", "/audio-to-text", refusal(400, "bad_request_key_error", "file"));
        assertThatThrownBy(() -> client.audio().transcribe(USER, Upload.of("a.wav", new byte[1])))
                .isInstanceOfSatisfying(DifyApiException.class, that(400, "bad_request_key_error"));
    }

    @Test
    void aTooLargeFileIsToldByItsStatus() {
        Upload file = Upload.of("a.png", new byte[10]);
        dify.nextAt("POST", "/files/upload", refusal(413, "file_too_large", ""));
        assertThatThrownBy(() -> client.files().upload(USER, file))
                .isInstanceOfSatisfying(DifyApiException.class, that(413, "file_too_large"))
                .hasMessage("Dify refused with 413 file_too_large");
        dify.nextAt("POST", "/files/upload", Script.html(413, "<h1>413 Request Entity Too Large</h1>"));
        assertThatThrownBy(() -> client.files().upload(USER, file))
                .isInstanceOfSatisfying(DifyApiException.class, that(413, "http_413"));
    }

    @Test
    void aRunThatFailedIsARefusalWhateverItsStatus() {
        dify.nextAt(
                "POST",
                "/workflows/run",
                Script.json(
                                200,
                                "{\"task_id\":\"t\",\"workflow_run_id\":\"r\",\"data\":{\"status\":\"failed\",\"error\":\"boom\"}}")
                        .header("X-Trace-Id", "trace-1")
                        .header("X-Version", "1.16.0"));
        assertThatThrownBy(() -> client.workflows().runUnstreamed(RUN))
                .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("workflow_failed");
                    assertThat(refused.difyMessage()).isEqualTo("boom");
                    assertThat(refused.reply().traceId()).contains("trace-1");
                    assertThat(refused.reply().serverVersion()).contains("1.16.0");
                    assertThat(refused.reply().body()).contains("workflow_run_id");
                });
        dify.nextAt("POST", "/chat-messages", refusal(400, "invalid_param", "Run failed: boom"));
        assertThatThrownBy(() -> client.chat().askUnstreamed(QUESTION))
                .isInstanceOfSatisfying(DifyApiException.class, that(400, "invalid_param"));
    }

    @Test
    void nullForSpeechMeansThatThereIsNoSuchMessage() {
        dify.nextAt("POST", "/text-to-audio", Script.json(200, "null\n"));
        assertThatThrownBy(() -> client.audio().speak(SpeechRequest.ofMessage(USER, ID)))
                .isInstanceOfSatisfying(DifyApiException.class, that(404, "not_found"));
    }

    @Test
    void revokingWhatIsNotThereIsDone() {
        dify.nextAt("POST", "/messages/*", refusal(400, "invalid_param", "rating cannot be None"));
        client.messages().revokeRating(USER, ID);
        assertThat(onlyRequest().body()).contains("\"rating\":null");
    }

    @Test
    void ratingOneselfWronglyIsNotForgiven() {
        dify.nextAt("POST", "/messages/*", refusal(400, "invalid_param", "x"));
        assertThatThrownBy(() -> client.messages().rate(USER, ID, Rating.LIKE))
                .isInstanceOfSatisfying(DifyApiException.class, that(400, "invalid_param"));
    }
}
