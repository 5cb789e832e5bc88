package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.simulator.Script;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an upstream can do wrong, and what the client promises for it. */
class FaultTest extends ClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String HTML = "<html><body>Bad gateway, key app-simulator</body></html>";
    private static final byte[] HALF_A_CHARACTER = "data: {\"event\":\"message\",\"answer\":\"\u20ac".getBytes(UTF_8);

    static Stream<Arguments> brokenStreams() {
        Script begun = Script.stream().event(message("one")).event(message("two"));
        byte[] half = java.util.Arrays.copyOf(HALF_A_CHARACTER, HALF_A_CHARACTER.length - 1);
        return Stream.of(
                argumentSet("cut without a last chunk", begun.cut(), "upstream_closed"),
                argumentSet("reset", begun.reset(), "upstream_closed"),
                argumentSet("a good end without a terminal event", begun.end(), "truncated"),
                argumentSet("half a character, then a good end", begun.raw(half).end(), "truncated"),
                argumentSet("half a character, then a cut", begun.raw(half).cut(), "upstream_closed"),
                argumentSet(
                        "half an event", begun.raw("data: {\"event\":\"mess").end(), "truncated"),
                argumentSet("silence", begun.silence(), "upstream_idle"),
                argumentSet("pings, then silence", begun.ping().silence(), "upstream_idle"),
                argumentSet(
                        "JSON that is none", begun.raw("data: {\"event\":\n\n").end(), "upstream_error"),
                argumentSet("JSON that is no object", begun.raw("data: [1]\n\n").end(), "upstream_error"),
                argumentSet(
                        "an event without a name",
                        begun.raw("data: {\"answer\":\"x\"}\n\n").end(),
                        "upstream_error"),
                argumentSet(
                        "an end mark with a blank",
                        begun.raw("data: [DONE] \n\n").end(),
                        "upstream_error"));
    }

    @ParameterizedTest
    @MethodSource("brokenStreams")
    void neverTakesABrokenStreamForAWholeAnswer(Script script, String code) throws Exception {
        dify.next(script);
        DifyStream stream = client(impatient()).chat().stream(QUESTION);
        assertThat(failureOf(stream))
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code));
        assertThat(stream.outcome().toCompletableFuture().join()).isEqualTo(new Outcome.Truncated(code));
        dify.awaitOpenConnections(0, PATIENCE);
        assertThat(posts()).hasSize(1);
    }

    static Stream<Arguments> suddenEnds() {
        return Stream.of(
                argumentSet(
                        "cut",
                        Script.stream()
                                .event(message("one"))
                                .event(message("two"))
                                .cut()),
                argumentSet(
                        "good end",
                        Script.stream()
                                .event(message("one"))
                                .event(message("two"))
                                .end()),
                argumentSet(
                        "half an event behind, then cut",
                        Script.stream()
                                .event(message("one"))
                                .event(message("two"))
                                .raw("data: {")
                                .cut()));
    }

    @ParameterizedTest
    @MethodSource("suddenEnds")
    void handsOutEveryEventThatCameBeforeTheEnd(Script script) throws Exception {
        DifyClient dogged = client(config().withBreaker(BreakerPolicy.OFF)); // so many failures in a row are meant
        for (int round = 0; round < 50; round++) {
            dify.next(script);
            List<String> names = new CopyOnWriteArrayList<>();
            Recorder<DifyEvent> recorder = new Recorder<>(event -> names.add(event.name()));
            dogged.chat().stream(QUESTION).subscribe(recorder);
            assertThat(recorder.end().get(10, TimeUnit.SECONDS)).isInstanceOf(DifyStreamException.class);
            assertThat(names).containsExactly("message", "message");
        }
    }

    static Stream<Arguments> refusals() {
        String page = HTML;
        return Stream.of(
                argumentSet("our key is wrong", envelope(401, "unauthorized"), 401, "unauthorized"),
                argumentSet("a bad request", envelope(400, "invalid_param"), 400, "invalid_param"),
                argumentSet("an unknown conversation", envelope(404, "not_found"), 404, "not_found"),
                argumentSet("a rate limit", envelope(429, "rate_limit_error"), 429, "rate_limit_error"),
                argumentSet("an internal error", envelope(500, "internal_server_error"), 500, "internal_server_error"),
                argumentSet("a proxy's page", Script.html(502, page), 502, "http_502"),
                argumentSet("a large page", Script.html(504, page.repeat(4000)), 504, "http_504"),
                argumentSet("an empty body", Script.json(503, ""), 503, "http_503"),
                argumentSet("JSON of another kind", Script.json(500, "[1]"), 500, "http_500"),
                argumentSet(
                        "an envelope with status 200",
                        Script.json(200, "{\"code\":\"app_unavailable\",\"status\":400,\"message\":\"m\"}"),
                        400,
                        "app_unavailable"));
    }

    private static Script envelope(int status, String code) {
        return Script.json(status, "{\"code\":\"" + code + "\",\"message\":\"m\",\"status\":" + status + "}");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void keepsDifysStatusAndCodeOfARefusal(Script script, int status, String code) throws Exception {
        dify.next(script);
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyApiException.class, failure -> {
                    assertThat(failure.status()).isEqualTo(status);
                    assertThat(failure.code()).isEqualTo(code);
                });
        assertThat(posts()).as("a generation is not repeated").hasSize(1);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    static Stream<Arguments> answersThatAreNoneOfDifys() {
        return Stream.of(
                argumentSet("a login page", Script.html(200, HTML)),
                argumentSet("JSON without an envelope", Script.json(200, "{}")),
                argumentSet("no content", Script.json(204, "")),
                argumentSet("a redirect", Script.json(302, "").header("Location", "http://127.0.0.1:9/steal")),
                argumentSet(
                        "a compressed stream",
                        Script.stream()
                                .header("Content-Encoding", "gzip")
                                .raw("x")
                                .end()));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNoneOfDifys")
    void takesNothingElseForAnAnswer(Script script) throws Exception {
        dify.next(script);
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.NOT_DIFY));
        assertThat(posts()).hasSize(1);
    }

    @Test
    void failsOnAnAnswerThatIsNoHttp() throws Exception {
        dify.next(Script.stream().rawResponse("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(UTF_8)));
        assertThat(failureOf(client().chat().stream(QUESTION))).isInstanceOf(DifyConnectionException.class);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void givesUpOnAHeadThatDoesNotCome() throws Exception {
        Timeouts timeouts = TIMEOUTS.toBuilder().headers(SHORT).build();
        dify.next(Script.stream().headAfter(Duration.ofSeconds(8)).event(messageEnd()));
        assertThat(failureOf(client(config().withTimeouts(timeouts)).chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(DifyConnectionException.TIMEOUT);
                    assertThat(failure.runMayHaveStarted()).isTrue();
                });
        dify.awaitOpenConnections(0, PATIENCE);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void givesUpOnAStreamWithoutAnEvent() throws Exception {
        Timeouts timeouts = TIMEOUTS.toBuilder().firstEvent(SHORT).build();
        dify.next(Script.stream().headNow().ping().silence());
        assertThat(failureOf(client(config().withTimeouts(timeouts)).chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                        .isEqualTo("upstream_idle"));
    }

    @Test
    void takesPingsForLifeUntilTheTotalIsReached() throws Exception {
        Timeouts timeouts = TIMEOUTS.toBuilder()
                .idle(Duration.ofMillis(500))
                .total(Duration.ofMillis(1500))
                .build();
        Script script = Script.stream().event(message("one"));
        for (int i = 0; i < 40; i++) {
            script = script.pause(Duration.ofMillis(50)).ping();
        }
        dify.next(script.silence());
        DifyStream stream = client(config().withTimeouts(timeouts)).chat().stream(QUESTION);
        assertThat(failureOf(stream))
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                        .isEqualTo("total_timeout"));
        dify.awaitRequest(r -> r.path().endsWith("/t-1/stop"), PATIENCE);
    }

    @Test
    void readsAnEventOfTheLargestSizeAndRefusesOneByteMore() throws Exception {
        int limit = 4096;
        String frame = message("");
        String fits = message("x".repeat(limit - frame.length()));
        DifyConfig small = new DifyConfig(
                dify.url(),
                new ApiKey(dify.key()),
                Optional.of(AppMode.CHAT),
                TIMEOUTS,
                QUICK_RETRY,
                new Limits(10, limit, 1024, 1 << 20),
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
        dify.next(Script.stream().event(fits).event(messageEnd()));
        assertThat(client(small).chat().ask(QUESTION).text()).hasSize(limit - frame.length());
        dify.next(Script.stream()
                .event(fits.replace("\"answer\":\"", "\"answer\":\"y"))
                .event(messageEnd()));
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                        .isEqualTo("event_too_large"));
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void endsAWorkflowStreamWhoseReaderIsTooSlowInsteadOfLosingEvents() throws Exception {
        DifyConfig small = new DifyConfig(
                dify.url(),
                new ApiKey(dify.key()),
                Optional.of(AppMode.ADVANCED_CHAT),
                TIMEOUTS,
                QUICK_RETRY,
                new Limits(10, 1 << 20, 1024, 8192),
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
        dify.next(Script.stream()
                .events(100, Duration.ZERO, i -> message("x".repeat(1000)))
                .event(messageEnd()));
        Recorder<Object> recorder = new Recorder<>(event -> {}, 0);
        DifyStream stream = client(small).chat().stream(QUESTION);
        stream.subscribe(recorder);
        assertThat(stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Truncated("slow_reader"));
        recorder.subscription().request(1000);
        assertThat(recorder.end().get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                        .isEqualTo("slow_reader"));
    }

    @Test
    void asksNoMoreOfAChatWhoseReaderIsSlowAndLosesNothing() throws Exception {
        DifyConfig small = new DifyConfig(
                dify.url(),
                new ApiKey(dify.key()),
                Optional.of(AppMode.CHAT),
                TIMEOUTS,
                QUICK_RETRY,
                new Limits(10, 1 << 20, 64 * 1024, 64 * 1024),
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
        int events = 2000;
        dify.next(Script.stream()
                .events(events, Duration.ZERO, i -> message("x".repeat(10_000)))
                .event(messageEnd()));
        DifyStream stream = client(small).chat().stream(QUESTION);
        int read = 0;
        for (Object event : stream) {
            assertThat(event).isNotNull();
            read++;
        }
        assertThat(read).isEqualTo(events + 1);
    }

    @Test
    void leavesTheKeyOutOfWhatAnUpstreamEchoes() throws Exception {
        String echo = "{\"code\":\"invalid_param\",\"status\":400,\"message\":\"bad header Bearer " + dify.key()
                + " at " + dify.url() + "\"}";
        dify.next(Script.json(400, echo));
        Throwable failure = failureOf(client().chat().stream(QUESTION));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .contains("bad header")
                .doesNotContain(dify.key())
                .doesNotContain(dify.url().toString());
    }

    @Test
    void saysWhenThereIsNobodyToConnectTo() throws Exception {
        dify.close();
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> {
                    assertThat(failure.code()).isEqualTo("upstream_unreachable");
                    assertThat(failure.runMayHaveStarted())
                            .as(failure.toString())
                            .isFalse();
                });
    }

    @Test
    void saysWhenTheHostHasNoAddress() throws Exception {
        DifyConfig nowhere = DifyConfig.of(URI.create("http://nowhere.invalid/v1"), new ApiKey("app-x"))
                .withMode(AppMode.CHAT)
                .withRetry(RetryPolicy.NONE);
        assertThat(failureOf(client(nowhere).chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo("upstream_unreachable"));
    }

    private DifyConfig impatient() {
        return config().withTimeouts(TIMEOUTS.toBuilder().idle(SHORT).build());
    }

    @Test
    void givesUpOnAStreamThatFallsSilentBeforeItsFirstEvent() throws Exception {
        dify.next(Script.stream().headNow().ping().silence());
        assertThat(failureOf(client(impatient()).chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure)
                        .hasMessageStartingWith("no byte"));
    }

    @Test
    void aModelThatThinksForLongIsNotSilentWhileDifyPings() {
        Script thinking = Script.stream();
        for (int i = 0; i < 30; i++) {
            thinking = thinking.ping().pause(Duration.ofMillis(50));
        }
        dify.next(thinking.event(message("one")).event(messageEnd()));
        DifyConfig idle = config().withTimeouts(
                        TIMEOUTS.toBuilder().idle(Duration.ofSeconds(1)).build());
        assertThat(client(idle).chat().ask(QUESTION).text()).isEqualTo("one");
    }

    @Test
    void aChatflowWhoseAnswerIsWholeIsWholeAlsoWhereTheEndOfItsRunDoesNotCome() {
        dify.next(Script.stream()
                .event("{\"event\":\"workflow_started\",\"conversation_id\":\"c\",\"message_id\":\"m\","
                        + "\"task_id\":\"t-1\",\"workflow_run_id\":\"r\",\"data\":{\"id\":\"r\"}}")
                .event(message("one"))
                .event(messageEnd())
                .silence());
        Answer answer =
                client(impatient().withMode(AppMode.ADVANCED_CHAT)).chat().ask(QUESTION);
        assertThat(answer.outcome()).isEqualTo(new Outcome.Completed());
        assertThat(answer.text()).isEqualTo("one");
    }

    static Stream<Arguments> failuresWithinAStream() {
        return Stream.of(
                argumentSet(
                        "an error",
                        "{\"event\":\"error\",\"code\":\"completion_request_error\",\"status\":400,\"message\":\"m\"}",
                        400,
                        "completion_request_error"),
                argumentSet(
                        "a run that failed",
                        "{\"event\":\"workflow_finished\",\"workflow_run_id\":\"r\",\"task_id\":\"t-1\","
                                + "\"data\":{\"id\":\"r\",\"status\":\"failed\",\"error\":\"m\"}}",
                        0,
                        "workflow_failed"));
    }

    @ParameterizedTest
    @MethodSource("failuresWithinAStream")
    void tellsAFailureWithinAStreamLikeARefusal(String event, int status, String code) throws Exception {
        dify.next(Script.stream()
                .header("X-Trace-Id", "trace-1")
                .header("X-Version", "1.16.0")
                .event(event));
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyApiException.class, failure -> {
                    assertThat(failure.status()).isEqualTo(status);
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.difyMessage()).isEqualTo("m");
                    assertThat(failure.reply().traceId()).contains("trace-1");
                    assertThat(failure.reply().serverVersion()).contains("1.16.0");
                });
    }
}
