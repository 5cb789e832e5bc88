package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a browser gets when Dify, or something in its place, fails; and what it never gets. */
@ExtendWith(SharedServer.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpstreamFaultsIT {

    private static final String KEY = "app-KeyThatNobodyMaySee";
    private static final String PAGE = "<html><body>PageOfSomeProxy</body></html>";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final DifySimulator DIFY = DifySimulator.builder().key(KEY).start();
    private static final int CLOSED_PORT = closedPort();
    private static final WebArchive WAR = Wars.chat("faults.war", settings());

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private static Map<String, String> settings() {
        return Wars.with(
                Wars.settings(DIFY),
                "dify.mode",
                "chat",
                "dify.timeout.headers",
                "1500ms",
                "dify.timeout.idle",
                "1s",
                "dify.retry.attempts",
                "1",
                "dify.circuit-breaker.enabled",
                "false",
                "dify.apps",
                "down,hasty",
                "dify.apps.down.api-url",
                "http://127.0.0.1:" + CLOSED_PORT + "/v1",
                "dify.apps.down.api-key",
                KEY,
                "dify.apps.hasty.api-key",
                KEY,
                "dify.apps.hasty.timeout.headers",
                "300ms");
    }

    private static int closedPort() {
        try {
            return PayaraServer.freePort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void askOnce(PayaraServer server) throws IOException {
        // The first question loads classes, which can take longer than the preamble waits.
        DIFY.next(Answers.whole("first", 1, Duration.ZERO));
        ask(server, "default");
    }

    private static Stream<Arguments> faultsBeforeTheFirstEvent() {
        String echo =
                "{\"code\":\"%s\",\"message\":\"Your key " + KEY + " at " + DIFY.url() + " is bad\",\"status\":%d}";
        return Stream.of(
                before("cut before the head", Script.stream().cut(), 502, "upstream_unreachable"),
                before("reset before the head", Script.stream().reset(), 502, "upstream_unreachable"),
                before("cut after the head", Script.stream().headNow().cut(), 502, "upstream_closed"),
                before("an end without any event", Script.stream().headNow().end(), 502, "truncated"),
                before("a page in place of the stream", Script.html(200, PAGE), 502, "upstream_error"),
                before(
                        "an envelope in place of the stream",
                        Script.json(200, "{\"code\":\"not_found\",\"message\":\"No such\",\"status\":404}"),
                        404,
                        "not_found"),
                before("400", Script.json(400, echo.formatted("invalid_param", 400)), 400, "invalid_param"),
                before("401", Script.json(401, echo.formatted("unauthorized", 401)), 502, "upstream_refused_key"),
                before("403", Script.json(403, echo.formatted("forbidden", 403)), 502, "upstream_refused_key"),
                before("429", Script.json(429, echo.formatted("rate", 429)), 503, "upstream_rate_limited"),
                before("500", Script.json(500, echo.formatted("boom", 500)), 502, "upstream_error"),
                before("502 of a proxy", Script.html(502, PAGE), 502, "upstream_error"),
                before(
                        "no HTTP at all",
                        Script.stream()
                                .rawResponse("PageOfSomeProxy\r\n\r\n".getBytes(UTF_8))
                                .end(),
                        502,
                        "upstream_unreachable"),
                before(
                        "a redirect",
                        Script.html(302, PAGE).header("Location", "http://127.0.0.1:" + CLOSED_PORT + "/elsewhere"),
                        502,
                        "upstream_error"),
                before(
                        "an error as the first event",
                        Script.stream()
                                .event("{\"event\":\"error\","
                                        + echo.formatted("invalid_param", 400).substring(1)),
                        400,
                        "invalid_param"),
                before(
                        "a failure as the first event",
                        Script.stream()
                                .event("{\"event\":\"error\","
                                        + echo.formatted("boom", 500).substring(1)),
                        502,
                        "upstream_error"));
    }

    private static Arguments before(String name, Script script, int status, String code) {
        return Arguments.argumentSet(name, script, status, code);
    }

    @ParameterizedTest
    @MethodSource("faultsBeforeTheFirstEvent")
    void answersWithAStatusBeforeTheFirstEvent(Script script, int status, String code, PayaraServer server)
            throws IOException {
        DIFY.next(script);

        Answer answer = ask(server, "default");

        assertThatProblemIs(answer, status, code);
    }

    @Test
    void answersWithAStatusWhenNobodyListens(PayaraServer server) throws IOException {
        assertThatProblemIs(ask(server, "down"), 502, "upstream_unreachable");
    }

    @Test
    void answersWithAStatusWhenDifyIsSilentForLessThanThePreamble(PayaraServer server) throws IOException {
        DIFY.next(Script.stream().silence());

        assertThatProblemIs(ask(server, "hasty"), 504, "upstream_timeout");
    }

    @Test
    void answersWithAnEventWhenDifyIsSilentForLonger(PayaraServer server) throws IOException {
        DIFY.next(Script.stream().silence());

        Answer answer = ask(server, "default");

        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("event: ping\n\n");
        assertThatLastEventIs(answer, List.of(), 504, "upstream_timeout");
    }

    @Test
    void saysWhenToComeBackWhenDifyIsOverItsLimit(PayaraServer server) throws IOException {
        DIFY.next(Script.json(429, "{}").header("Retry-After", "7"));

        assertThat(ask(server, "default").head().header("Retry-After")).isEqualTo("7");
    }

    @Test
    void followsNoRedirect(PayaraServer server) throws IOException {
        DIFY.next(Script.html(307, PAGE).header("Location", DIFY.url() + "/elsewhere"));

        assertThatProblemIs(ask(server, "default"), 502, "upstream_error");
        assertThat(DIFY.requests()).noneMatch(request -> request.path().equals("/elsewhere"));
    }

    private static Stream<Arguments> faultsInsideTheStream() {
        return Stream.of(
                inside("cut", begun().cut(), 502, "upstream_closed"),
                inside(
                        "cut right behind the events",
                        Answers.events("fault", 3, Duration.ZERO).cut(),
                        502,
                        "upstream_closed"),
                inside("reset", begun().reset(), 502, "upstream_closed"),
                inside(
                        "half an event, then cut",
                        begun().raw("data: {\"event\":\"mes").cut(),
                        502,
                        "upstream_closed"),
                inside("half a character, then cut", halfACharacter().cut(), 502, "upstream_closed"),
                inside("half a character, then an end", halfACharacter().end(), 502, "truncated"),
                inside("an end without a last event", begun().end(), 502, "truncated"),
                inside("silence", begun().silence(), 504, "upstream_idle"));
    }

    private static Arguments inside(String name, Script script, int status, String code) {
        return Arguments.argumentSet(name, script, status, code);
    }

    /** With a pause, in which the events get through: a reset discards what is still on its way. */
    private static Script begun() {
        return Answers.events("fault", 3, Duration.ZERO).pause(Duration.ofMillis(200));
    }

    private static Script halfACharacter() {
        byte[] whole = Answers.event("fault", 3).replace("word", "wörd").getBytes(UTF_8);
        int half = new String(whole, UTF_8).indexOf('ö') + 1;
        return begun().raw("data: ").raw(Arrays.copyOf(whole, half));
    }

    @ParameterizedTest
    @MethodSource("faultsInsideTheStream")
    void endsAStreamThatHasBegunWithAnErrorEvent(Script script, int status, String code, PayaraServer server)
            throws IOException {
        DIFY.next(script);

        Answer answer = ask(server, "default");

        assertThat(answer.head().status()).isEqualTo(200);
        List<String> events = List.of(Answers.event("fault", 0), Answers.event("fault", 1), Answers.event("fault", 2));
        assertThatLastEventIs(answer, events, status, code);
        assertThat(answer.body()).doesNotContain("\uFFFD");
    }

    @Test
    void stopsTheRunThatFellSilent(PayaraServer server) throws IOException {
        DIFY.next(Answers.events("quiet", 1, Duration.ZERO).silence());

        ask(server, "default");

        DIFY.awaitRequest(request -> request.path().equals("/chat-messages/quiet/stop"), PATIENCE);
    }

    @Test
    void passesDifysOwnErrorOnAndNothingAfterIt(PayaraServer server) throws IOException {
        String error = "{\"event\":\"error\",\"task_id\":\"own\",\"status\":400,\"code\":\"completion_request_error\","
                + "\"message\":\"The model is tired\"}";
        DIFY.next(Answers.events("own", 1, Duration.ZERO)
                .event(error)
                .event(Answers.event("own", 1))
                .end());

        Answer answer = ask(server, "default");

        assertThat(Answers.data(answer.body())).containsExactly(Answers.event("own", 0), error);
    }

    @Test
    void keepsTheKeyOutOfDifysOwnError(PayaraServer server) throws IOException {
        DIFY.next(Answers.events("echo", 1, Duration.ZERO)
                .event("{\"event\":\"error\",\"status\":500,\"code\":\"boom\",\"message\":\"" + KEY + " is bad\"}"));

        Answer answer = ask(server, "default");

        assertThat(Answers.data(answer.body()).get(1)).contains("\"code\":\"boom\"");
        assertThatNothingLeaks(answer);
    }

    @Test
    @Order(Integer.MAX_VALUE) // after all the others have given cause for it
    void neverPrintsTheKey(PayaraServer server) {
        assertThat(server.output()).isNotEmpty().doesNotContain(KEY);
    }

    private record Answer(HttpConnection.Head head, String body) {}

    private static Answer ask(PayaraServer server, String app) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.post("/faults/dify/" + app + "/chat-messages", QUESTION, HttpConnection.user("ada"));
            HttpConnection.Head head = browser.readHead();
            return new Answer(head, browser.readBody(head));
        }
    }

    private static void assertThatProblemIs(Answer answer, int status, String code) {
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"", "\"status\":" + status);
        assertThat(answer.head().status()).isEqualTo(status);
        assertThat(answer.head().header("Content-Type")).isEqualTo("application/problem+json");
        assertThatNothingLeaks(answer);
    }

    private static void assertThatLastEventIs(Answer answer, List<String> before, int status, String code) {
        List<String> data = Answers.data(answer.body());
        assertThat(data).hasSize(before.size() + 1);
        assertThat(data.subList(0, before.size())).isEqualTo(before);
        assertThat(data.get(before.size()))
                .startsWith("{\"event\":\"error\"")
                .contains("\"code\":\"" + code + "\"", "\"status\":" + status, "\"retryable\":");
        assertThatNothingLeaks(answer);
    }

    private static void assertThatNothingLeaks(Answer answer) {
        assertThat(answer.head() + answer.body())
                .doesNotContain(KEY)
                .doesNotContain("127.0.0.1")
                .doesNotContain(":" + DIFY.url().getPort())
                .doesNotContain(":" + CLOSED_PORT)
                .doesNotContain("PageOfSomeProxy")
                .doesNotContain("Exception");
    }
}
