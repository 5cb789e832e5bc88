package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static io.github.difyjakarta.it.HostileDify.KEY;
import static io.github.difyjakarta.it.HostileDify.MARK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever answers in Dify's place can do before the first event; more of it is in {@link UpstreamFaultsIT}. */
@ExtendWith(SharedServer.class)
class HostileUpstreamIT {
    private static final int MEBIBYTE = 1 << 20;
    private static final String STREAM_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    private static final DifySimulator DIFY = DifySimulator.builder().key(KEY).start();
    private static final HostileDify.FullPort FULL = new HostileDify.FullPort();
    private static final WebArchive WAR = Wars.chat(
            "hostile.war",
            HostileDify.settings(
                    DIFY,
                    "dify.apps",
                    "nowhere,full,plain",
                    "dify.apps.nowhere.api-key",
                    KEY,
                    "dify.apps.nowhere.api-url",
                    "http://no-such-host.invalid/v1",
                    "dify.apps.full.api-key",
                    KEY,
                    "dify.apps.full.api-url",
                    FULL.url(),
                    "dify.apps.plain.api-key",
                    KEY,
                    "dify.apps.plain.api-url",
                    DIFY.url().toString().replace("http:", "https:")));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, FULL, DIFY);

    private final PayaraServer server;

    HostileUpstreamIT(PayaraServer server) {
        this.server = server;
    }

    private HostileDify.Answer ask(String app) {
        return HostileDify.ask(server, "hostile", app, QUESTION);
    }

    private HostileDify.Answer ask(Script script) {
        DIFY.next(script);
        return ask("default");
    }

    private static long questions() {
        return DIFY.requests().stream()
                .filter(request -> request.path().equals("/chat-messages"))
                .count();
    }

    private static Script raw(String response) {
        return Script.stream().rawResponse(response.getBytes(ISO_8859_1));
    }

    // ---- no connection

    @ParameterizedTest
    @CsvSource({"nowhere, 502, upstream_unreachable", "full, 504, upstream_timeout", "plain, 504, upstream_timeout"})
    void saysThatNobodyIsThereBehindANameAFullPortOrAPortWithoutTls(String app, int status, String code) {
        int before = DIFY.requests().size();
        ask(app).assertFails(status, code);
        assertThat(DIFY.requests()).as("nothing is sent in the clear").hasSize(before);
    }

    // ---- heads

    private static Stream<Arguments> heads() {
        byte[] noise = new byte[2_000];
        new Random(7).nextBytes(noise);
        Script trickle = raw("HTTP/1.1 200 OK\r\nX-Slow: ");
        for (int i = 0; i < 40; i++) {
            trickle = trickle.pause(Duration.ofMillis(50)).raw("x");
        }
        Script bigHeader = raw(STREAM_HEAD + "X-Big: ");
        for (int i = 0; i < 10; i++) {
            bigHeader = bigHeader.raw("x".repeat(MEBIBYTE));
        }
        return Stream.of(
                head("one byte of the head at a time", trickle.silence(), 504, "upstream_timeout"),
                head(
                        "100,000 header lines",
                        raw(STREAM_HEAD + "A: b\r\n".repeat(100_000)).end(),
                        502,
                        "upstream_unreachable"),
                head("a header of 10 MiB", bigHeader.end(), 502, "upstream_unreachable"),
                head("a status line without a status", raw("HTTP/1.1 \r\n\r\n").end(), 502, "upstream_unreachable"),
                head("another protocol", raw("SSH-2.0-OpenSSH_9.2\r\n").end(), 502, "upstream_unreachable"),
                head("noise", Script.stream().rawResponse(noise).end(), 502, "upstream_unreachable"),
                head("no content", raw("HTTP/1.1 204 No Content\r\n\r\n").end(), 502, "upstream_error"),
                head(
                        "a reset of content",
                        raw("HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n").end(),
                        502,
                        "upstream_error"),
                head(
                        "a part",
                        raw(STREAM_HEAD.replace("200 OK", "206 Partial") + "\r\n" + "data: x\n\n")
                                .end(),
                        502,
                        "upstream_error"),
                head(
                        "a status nobody knows",
                        raw(STREAM_HEAD.replace("200 OK", "299 Fine") + "\r\n").end(),
                        502,
                        "upstream_error"),
                head(
                        "a compressed stream",
                        Script.stream()
                                .header("Content-Encoding", "gzip")
                                .raw(MARK)
                                .end(),
                        502,
                        "upstream_error"),
                head(
                        "a stream that claims to be brotli",
                        Script.stream()
                                .header("Content-Encoding", "br")
                                .headNow()
                                .end(),
                        502,
                        "upstream_error"),
                head("a large page of a proxy", Script.html(502, MARK.repeat(10_000)), 502, "upstream_error"),
                head("a timeout of a proxy", Script.html(504, MARK), 502, "upstream_error"),
                head(
                        "an empty 503",
                        raw("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").end(),
                        502,
                        "upstream_error"),
                head(
                        "too large",
                        Script.json(413, "{\"code\":\"file_too_large\",\"message\":\"\"}"),
                        413,
                        "file_too_large"),
                head(
                        "of no type",
                        Script.json(415, "{\"code\":\"unsupported_file_type\",\"message\":\"\"}"),
                        415,
                        "unsupported_file_type"),
                head(
                        "a conversation of nobody",
                        Script.json(404, "{\"code\":\"not_found\",\"message\":\"Conversation Not Exists.\"}"),
                        404,
                        "not_found"));
    }

    private static Arguments head(String name, Script script, int status, String code) {
        return argumentSet(name, script, status, code);
    }

    @ParameterizedTest
    @MethodSource("heads")
    void failsClearlyByAHeadThatIsNone(Script script, int status, String code) {
        long before = questions();
        ask(script).assertFails(status, code);
        assertThat(questions()).as("a question is asked once").isEqualTo(before + 1);
    }

    @Test
    void readsAnErrorThatNeverEndsOnlySoFar() {
        Script endless = raw("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n");
        for (int i = 0; i < 64; i++) {
            endless = endless.raw(MARK.repeat(MEBIBYTE / MARK.length()));
        }
        ask(endless.silence()).assertFails(502, "upstream_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "invalid_param",
                "provider_not_initialize",
                "provider_quota_exceeded",
                "model_currently_not_support",
                "completion_request_error",
                "app_unavailable"
            })
    void passesOnWhatDifySaysToTheQuestion(String code) {
        ask(Script.json(400, "{\"code\":\"" + code + "\",\"message\":\"No\",\"status\":400}"))
                .assertFails(400, code);
    }

    @ParameterizedTest
    @CsvSource({
        "301, http://127.0.0.1:1/elsewhere",
        "302, /v1/chat-messages",
        "303, file:///etc/passwd",
        "307, ''",
        "308, http://evil.example/"
    })
    void followsNoRedirect(int status, String location) {
        int before = DIFY.requests().size();
        Script script = Script.html(status, MARK);
        ask(location.isEmpty() ? script : script.header("Location", location)).assertFails(502, "upstream_error");
        assertThat(DIFY.requests()).hasSize(before + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 5",
        "7, 7",
        "0, 1",
        "-5, 5",
        "soon, 5",
        "99999999999999999999, 5",
        "999999, 300",
        "'Wed, 21 Oct 2015 07:28:00 GMT', 5",
        "'3, 4', 5"
    })
    void saysWhenToComeBackWhateverDifySays(String retryAfter, String seconds) {
        Script limit = Script.json(429, "{\"code\":\"rate_limit_error\",\"message\":\"\"}");
        HostileDify.Answer answer = ask(retryAfter.isEmpty() ? limit : limit.header("Retry-After", retryAfter));
        answer.assertFails(503, "upstream_rate_limited");
        assertThat(answer.head().header("Retry-After")).isEqualTo(seconds);
    }

    // ---- what it takes all the same

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "103 Early Hints", "102 Processing"})
    void waitsForTheAnswerBehindProvisionalOnes(String provisional) {
        String event = Answers.event("late", 0);
        String end = Answers.messageEnd("late");
        HostileDify.Answer answer = ask(raw("HTTP/1.1 " + provisional + "\r\nLink: </x>\r\n\r\n" + STREAM_HEAD
                        + "Connection: close\r\n\r\ndata: " + event + "\n\ndata: " + end + "\n\n")
                .end());
        assertThat(answer.events()).containsExactly(event, end);
    }

    @Test
    void readsEveryStreamAsUtf8() {
        String event = Answers.event("utf", 0).replace("word", "wörd €");
        HostileDify.Answer answer = ask(Script.stream()
                .contentType("text/event-stream;charset=windows-1252")
                .event(event)
                .event(Answers.messageEnd("utf"))
                .end());
        assertThat(answer.events()).contains(event);
        assertThat(answer.head().header("Content-Type")).isEqualToIgnoringCase("text/event-stream;charset=utf-8");
    }

    @Test
    void passesNoHeaderOfTheUpstreamOn() {
        HostileDify.Answer answer = ask(Answers.whole("head", 1, Duration.ZERO)
                .header("Set-Cookie", MARK + "=1")
                .header("Access-Control-Allow-Origin", "*")
                .header("Server", MARK)
                .header("X-Powered-By", MARK)
                .header("X-Version", MARK));
        assertThat(answer.events()).hasSize(2);
        assertThat(answer.head().header("Access-Control-Allow-Origin")).isEmpty();
        answer.assertLeaksNothing();
    }

    private static Stream<Arguments> lengths() {
        String body = "data: " + Answers.event("len", 0) + "\n\n";
        return Stream.of(
                argumentSet("shorter", raw(STREAM_HEAD + "Content-Length: 20\r\n\r\n" + body)),
                argumentSet("longer", raw(STREAM_HEAD + "Content-Length: 9999\r\n\r\n" + body)),
                argumentSet(
                        "and chunks",
                        raw(STREAM_HEAD
                                + "Content-Length: 20\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:\r\n0\r\n\r\n"
                                + body)));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void aLengthThatIsNotTrueCutsThisAnswerAndNoOther(Script script) {
        HostileDify.Answer cut = ask(script.end());
        assertThat(cut.body()).contains("\"code\":").doesNotContain("message_end");
        cut.assertLeaksNothing();
        assertThat(ask(Answers.whole("next", 2, Duration.ZERO)).events()).hasSize(3);
    }
}
