package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.chat.CompletionRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever starts something, and costs something, is sent once; a second time only where it provably did not begin. */
class NeverTwiceTest extends ClientTest {
    private static final String ID = "b2c5ce5a-3f11-4a6c-8f0e-1d2d8a1c7e55";
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final RetryPolicy AT_ONCE = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1));

    /** What starts something, and where. */
    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private enum Start {
        CHAT("/chat-messages", "text/event-stream", dify -> dify.chat().askAsync(QUESTION)),
        CHAT_UNSTREAMED(
                "/chat-messages", "application/json", dify -> dify.chat().askUnstreamedAsync(QUESTION)),
        COMPLETION("/completion-messages", "text/event-stream", dify -> dify.completions()
                .completeAsync(CompletionRequest.of("ada", Map.of("query", "a haiku")))),
        WORKFLOW("/workflows/run", "text/event-stream", dify -> dify.workflows().stream(
                        WorkflowRequest.of("ada", Map.of()))
                .collectAsync()),
        WORKFLOW_FOLLOWED("/workflows/run", "text/event-stream", dify -> dify.workflows()
                .runAsync(WorkflowRequest.of("ada", Map.of()))),
        WORKFLOW_UNSTREAMED("/workflows/run", "application/json", dify -> dify.workflows()
                .runUnstreamedAsync(WorkflowRequest.of("ada", Map.of()))),
        WORKFLOW_VERSION("/workflows/" + ID + "/run", "text/event-stream", dify -> dify.workflows().stream(
                        WorkflowRequest.of("ada", Map.of()).toVersion(ID))
                .collectAsync()),
        UPLOAD("/files/upload", "application/json", dify -> dify.files()
                .uploadAsync("ada", Upload.of("a.txt", "text".getBytes(UTF_8)))),
        UPLOAD_OF_A_STREAM("/files/upload", "application/json", dify -> dify.files()
                .uploadAsync("ada", Upload.of("a.txt", new ByteArrayInputStream("text".getBytes(UTF_8))))),
        AUDIO_TO_TEXT("/audio-to-text", "application/json", dify -> dify.audio()
                .transcribeAsync("ada", Upload.of("a.mp3", new byte[] {'I', 'D', '3'}))),
        TEXT_TO_AUDIO("/text-to-audio", "audio/mpeg", dify -> dify.audio()
                .speakAsync(SpeechRequest.ofText("ada", "hello"), BodySubscribers.ofByteArray())),
        FORM("/form/human_input/token", "application/json", dify -> dify.humanInput()
                .submitAsync("ada", "token", "approve", Map.of())),
        ANNOTATION("/apps/annotations", "application/json", dify -> dify.annotations()
                .createAsync("When?", "Now.")),
        AUTOMATIC_NAME("/conversations/" + ID + "/name", "application/json", dify -> dify.conversations()
                .nameAutomaticallyAsync("ada", ID)),
        SUGGESTED("/messages/" + ID + "/suggested", "application/json", dify -> dify.messages()
                .suggestedAsync("ada", ID));

        final String path;
        final String mediaType;
        final Function<DifyClient, CompletableFuture<?>> call;

        Start(String path, String mediaType, Function<DifyClient, CompletableFuture<?>> call) {
            this.path = path;
            this.mediaType = mediaType;
            this.call = call;
        }

        String method() {
            return this == SUGGESTED ? "GET" : "POST";
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // a script never changes
    private enum Fault {
        RESET_BEFORE_THE_HEAD(Script.stream().reset()),
        CUT_BEFORE_THE_HEAD(Script.stream().cut()),
        CUT_IN_THE_HEAD(Script.stream()
                .rawResponse("HTTP/1.1 200 OK\r\nContent-Ty".getBytes(UTF_8))
                .cut()),
        RESET_AFTER_THE_HEAD(Script.stream().headNow().reset()),
        CUT_IN_THE_BODY(Script.stream().raw("{\"id\": \"").cut()),
        RESET_IN_THE_BODY(Script.stream().raw("{\"id\": \"").reset()),
        CUT_IN_AN_EVENT(Script.stream()
                .event(message("one"))
                .raw("data: {\"event\":\"mess")
                .cut()),
        END_WITHOUT_A_TERMINAL_EVENT(Script.stream().event(message("one")).end()),
        NO_HTTP(Script.stream().rawResponse("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(UTF_8))),
        INTERNAL_ERROR(Script.json(500, "{\"code\":\"unknown\",\"message\":\"m\",\"status\":500}")),
        BAD_GATEWAY(Script.html(502, "<html>Bad gateway</html>")),
        UNAVAILABLE(Script.html(503, "<html>Wait</html>").header("Retry-After", "0")),
        GATEWAY_TIMEOUT(Script.html(504, "<html>Timeout</html>")),
        CLOUDFLARE_TIMEOUT(Script.html(524, "<html>A timeout occurred</html>")),
        RATE_LIMIT(Script.json(429, "{\"code\":\"rate_limit_error\",\"message\":\"m\",\"status\":429}")),
        NO_HEAD(Script.stream().silence()),
        SILENCE_AFTER_THE_HEAD(Script.stream().headNow().silence()),
        SILENCE_IN_THE_BODY(Script.stream().event(message("one")).silence());

        final Script script;

        Fault(Script script) {
            this.script = script;
        }
    }

    static Stream<Arguments> startsAndFaults() {
        return Arrays.stream(Start.values()).flatMap(start -> Arrays.stream(Fault.values())
                .filter(fault -> shows(start, fault))
                .map(fault -> Arguments.argumentSet(start + ", " + fault, start, fault)));
    }

    /** An event's bytes, or any at all, are a good file: nobody can know that it is half of one. */
    private static boolean shows(Start start, Fault fault) {
        return start != Start.TEXT_TO_AUDIO || fault != Fault.END_WITHOUT_A_TERMINAL_EVENT;
    }

    @ParameterizedTest
    @MethodSource("startsAndFaults")
    void isSentOnceWhateverGoesWrongAfterIt(Start start, Fault fault) throws Exception {
        String mediaType = start.mediaType;
        Script script = fault.script;
        dify.nextAt(start.method(), start.path, hasBody(fault) ? script.contentType(mediaType) : script);
        assertThat(failureOf(start.call.apply(client(isSilent(fault) ? hasty() : patient()))))
                .as("a failure that a caller can tell")
                .isInstanceOf(DifyException.class);
        // A deadline may pass before anything was sent, on a machine that is busy.
        assertThat(requestsOf(start)).hasSizeBetween(isSilent(fault) ? 0 : 1, 1);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    private static boolean isSilent(Fault fault) {
        return switch (fault) {
            case NO_HEAD, SILENCE_AFTER_THE_HEAD, SILENCE_IN_THE_BODY -> true;
            default -> false;
        };
    }

    private static boolean hasBody(Fault fault) {
        return switch (fault) {
            case RESET_AFTER_THE_HEAD,
                    CUT_IN_THE_BODY,
                    RESET_IN_THE_BODY,
                    CUT_IN_AN_EVENT,
                    END_WITHOUT_A_TERMINAL_EVENT,
                    SILENCE_AFTER_THE_HEAD,
                    SILENCE_IN_THE_BODY -> true;
            default -> false;
        };
    }

    static Stream<Arguments> startsAndLimits() {
        Script documented = Script.json(429, "{\"code\":\"too_many_requests\",\"message\":\"m\",\"status\":429}");
        Script real = Script.json(
                400,
                "{\"code\":\"invalid_param\",\"message\":\"Too many requests. Please try again later.\",\"status\":400}");
        return Arrays.stream(Start.values())
                .flatMap(start -> Stream.of(
                        Arguments.argumentSet(start + ", as documented", start, documented),
                        Arguments.argumentSet(start + ", as on the wire", start, real)));
    }

    @ParameterizedTest
    @MethodSource("startsAndLimits")
    void isSentAgainWhereDifyRefusedToBegin(Start start, Script limit) throws Exception {
        for (int i = 0; i < 5; i++) {
            dify.nextAt(start.method(), start.path, limit);
        }
        assertThat(failureOf(start.call.apply(client(patient())))).isInstanceOf(DifyApiException.class);
        // A stream that has been read is not there a second time.
        int attempts = start == Start.UPLOAD_OF_A_STREAM ? 1 : AT_ONCE.attempts();
        assertThat(requestsOf(start)).hasSize(attempts);
        assertThat(requestsOf(start).stream().map(RecordedRequest::body).map(NeverTwiceTest::withoutBoundary))
                .as("all that is sent again is whole")
                .containsOnly(withoutBoundary(requestsOf(start).get(0).body()));
    }

    private static String withoutBoundary(String body) {
        return body.replaceAll("dify-[0-9a-f-]{36}", "");
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    void saysThatNothingBeganWhereNobodyListens(Start start) throws Exception {
        dify.close();
        assertThat(failureOf(start.call.apply(client(patient()))))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(DifyConnectionException.UNREACHABLE);
                    assertThat(failure.runMayHaveStarted()).isFalse();
                });
    }

    @Test
    void isSentOnceWhenSomebodyListensAtLast() throws Exception {
        URI url = dify.url();
        dify.close();
        DifyConfig patient = DifyConfig.of(url, new ApiKey(dify.key()))
                .withTimeouts(TIMEOUTS)
                .withRetry(new RetryPolicy(5, Duration.ofMillis(200), Duration.ofSeconds(1)));
        CompletableFuture<?> answer = client(patient).chat().askAsync(QUESTION);
        try (DifySimulator late = DifySimulator.builder().port(url.getPort()).start()) {
            answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(late.requests().stream().filter(request -> request.path().equals("/chat-messages")))
                    .hasSize(1);
        }
    }

    private DifyConfig patient() {
        return config().withRetry(AT_ONCE).withConnections(Connections.DEFAULTS.keepingAlive(Duration.ofMillis(1)));
    }

    private DifyConfig hasty() {
        return patient()
                .withTimeouts(TIMEOUTS.toBuilder()
                        .headers(SHORT)
                        .firstEvent(SHORT)
                        .idle(SHORT)
                        .total(Duration.ofSeconds(2))
                        .blocking(SHORT)
                        .blockingComplex(SHORT)
                        .build());
    }

    private List<RecordedRequest> requestsOf(Start start) {
        return dify.requests().stream()
                .filter(request -> request.method().equals(start.method()))
                .filter(request -> request.path().equals(start.path))
                .toList();
    }
}
