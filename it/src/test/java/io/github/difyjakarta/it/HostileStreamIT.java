package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static io.github.difyjakarta.it.HostileDify.KEY;
import static io.github.difyjakarta.it.HostileDify.MARK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Dify, or something in its place, can do inside of a stream; more of it is in {@link UpstreamFaultsIT}. */
@ExtendWith(SharedServer.class)
class HostileStreamIT {
    private static final int MEBIBYTE = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String FIRST = Answers.event("h", 0);
    private static final String SECOND = Answers.event("h", 1);
    private static final String END = Answers.messageEnd("h");

    private static final DifySimulator DIFY = DifySimulator.builder().key(KEY).start();
    private static final WebArchive WAR = Wars.chat(
            "hostilestream.war",
            HostileDify.settings(
                    DIFY,
                    "dify.apps",
                    "flow",
                    "dify.apps.flow.api-key",
                    KEY,
                    "dify.apps.flow.mode",
                    "advanced-chat",
                    "dify.apps.flow.max-event-bytes",
                    "16MiB"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final PayaraServer server;

    HostileStreamIT(PayaraServer server) {
        this.server = server;
    }

    private HostileDify.Answer ask(Script script) {
        return ask("default", script);
    }

    private HostileDify.Answer ask(String app, Script script) {
        DIFY.next(script);
        return HostileDify.ask(server, "hostilestream", app, QUESTION);
    }

    private static Script begun() {
        return Script.stream().event(FIRST);
    }

    private static Script many(Script script, int times, String piece) {
        Script more = script;
        for (int i = 0; i < times; i++) {
            more = more.raw(piece);
        }
        return more;
    }

    private static Script slowly(Script script, int times, String piece) {
        Script more = script;
        for (int i = 0; i < times; i++) {
            more = more.raw(piece).pause(Duration.ofMillis(20));
        }
        return more;
    }

    // ---- what ends it

    private static Stream<Arguments> ends() {
        return Stream.of(
                end(
                        "a line of 32 MiB",
                        many(begun().raw("data: "), 32, "x".repeat(MEBIBYTE)).silence(),
                        "event_too_large"),
                end(
                        "a line one byte too long",
                        begun().raw("data: " + sized(64 * 1024 + 1) + "\n\n").silence(),
                        "event_too_large"),
                end(
                        "a line without end, byte by byte",
                        begun().splitEvery(1).raw("data: " + "x".repeat(70_000)).silence(),
                        "event_too_large"),
                end(
                        "lines without end in one event",
                        many(begun(), 3_000, "data: 0123456789012345678901234567890\n")
                                .silence(),
                        "event_too_large"),
                end("comments for ever", slowly(begun(), 300, ": x\n").silence(), "total_timeout"),
                end("empty lines for ever", slowly(begun(), 300, "\n\n").silence(), "total_timeout"),
                end("pings for ever", slowly(begun(), 300, "event: ping\n\n").silence(), "total_timeout"),
                end("pings, then silence", begun().ping().ping().silence(), "upstream_idle"),
                end("no JSON", begun().event("{" + MARK).event(END).end(), "upstream_error"),
                end("null", begun().event("null").event(END).end(), "upstream_error"),
                end("a list", begun().event("[1]").event(END).end(), "upstream_error"),
                end("a number", begun().event("7").event(END).end(), "upstream_error"),
                end("an event without a name", begun().event("{}").event(END).end(), "upstream_error"),
                end(
                        "a name that is a number",
                        begun().event("{\"event\":7}").event(END).end(),
                        "upstream_error"),
                end(
                        "a name that is null",
                        begun().event("{\"event\":null}").event(END).end(),
                        "upstream_error"),
                end(
                        "a mark of gateways that is none",
                        begun().raw("data: [DONE]x\n\n").event(END).end(),
                        "upstream_error"),
                end("a mark, but no last event", begun().raw("data: [DONE]\n\n").end(), "truncated"));
    }

    private static Arguments end(String name, Script script, String code) {
        return argumentSet(name, script, code);
    }

    private static String sized(int bytes) {
        String empty = "{\"event\":\"message\",\"task_id\":\"h\",\"answer\":\"\"}";
        return empty.replace("\"\"", "\"" + "x".repeat(bytes - empty.length()) + "\"");
    }

    @ParameterizedTest
    @MethodSource("ends")
    void tellsWhatCameAndThenWhatIsWrong(Script script, String code) {
        HostileDify.Answer answer = ask(script);
        assertThat(answer.events()).as(code).hasSize(2).startsWith(FIRST);
        answer.assertFails(code.startsWith("total") || code.endsWith("idle") ? 504 : 502, code);
        DIFY.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void passesAnEventOfTheLargestSize() {
        String largest = sized(64 * 1024);
        assertThat(ask(begun().event(largest).event(END).end()).events()).containsExactly(FIRST, largest, END);
    }

    // ---- what passes

    private static Stream<Arguments> oddities() {
        String odd = "{\"event\":\"message\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"answer\":\"%s\"}";
        return Stream.of(
                odd("a long id", begun().raw("id: " + "9".repeat(60_000) + "\ndata: " + SECOND + "\n\n")),
                odd("an id with NUL", begun().raw("id: a\0b\ndata: " + SECOND + "\n\n")),
                odd(
                        "a retry of 3,000 digits",
                        begun().raw("retry: " + "9".repeat(3_000) + "\ndata: " + SECOND + "\n\n")),
                odd("a retry in other digits", begun().raw("retry: ٣٠٠\ndata: " + SECOND + "\n\n")),
                odd("fields nobody knows", begun().raw("x: y\nz\ndata: " + SECOND + "\n\n")),
                odd("carriage returns", begun().raw("data: " + SECOND + "\r\r")),
                odd("in small pieces", begun().splitEvery(1).raw("data: " + SECOND + "\n\n")),
                odd(
                        "an unknown event",
                        begun().event("{\"event\":\"brand_new\",\"task_id\":\"h\"}"),
                        "{\"event\":\"brand_new\",\"task_id\":\"h\"}"),
                odd(
                        "a long number",
                        begun().event(odd.formatted("").replace("\"\"", "\"\",\"n\":" + "9".repeat(4_000))),
                        odd.formatted("").replace("\"\"", "\"\",\"n\":" + "9".repeat(4_000))),
                odd("a lone surrogate", begun().event(odd.formatted("\\ud800 x")), odd.formatted("\\ud800 x")),
                odd(
                        "line ends of Unicode",
                        begun().event(odd.formatted("a\u2028b\u2029c\u0085d")),
                        odd.formatted("a\u2028b\u2029c\u0085d")),
                odd(
                        "a frame inside of a text",
                        begun().event(odd.formatted("\\n\\ndata: {\\\"event\\\":\\\"error\\\"}\\n\\n")),
                        odd.formatted("\\n\\ndata: {\\\"event\\\":\\\"error\\\"}\\n\\n")),
                odd("deep JSON behind the head", begun().event(deep()), deep()));
    }

    private static Arguments odd(String name, Script script) {
        return odd(name, script, SECOND);
    }

    private static Arguments odd(String name, Script script, String shown) {
        return argumentSet(name, script, shown);
    }

    private static String deep() {
        return "{\"event\":\"message\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"answer\":\"a\",\"x\":"
                + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void passesOnWhatIsOddButWellFormed(Script script, String shown) {
        HostileDify.Answer answer = ask(script.raw("data: " + END + "\n\n").end());
        assertThat(answer.events()).containsExactly(FIRST, shown, END);
    }

    @Test
    void dropsOneByteOrderMarkAtTheVeryStart() {
        HostileDify.Answer answer = ask(
                Script.stream().raw("\uFEFFdata: " + FIRST + "\n\n").event(END).end());
        assertThat(answer.events()).containsExactly(FIRST, END);
    }

    @Test
    void endsByALoneCarriageReturnWithoutSpinning() {
        HostileDify.Answer answer = ask(begun().raw("data: " + END + "\n\r").end());
        assertThat(answer.events()).containsExactly(FIRST, END);
    }

    @Test
    void passesTwoHundredEventsOfOnePacketAndOneOfFourHundredInOrder() {
        List<String> events =
                IntStream.range(0, 200).mapToObj(i -> Answers.event("h", i)).toList();
        StringBuilder packet = new StringBuilder();
        events.forEach(event -> packet.append("data: ").append(event).append("\n\n"));
        String all = packet + "data: " + END + "\n\n";
        assertThat(ask(Script.stream().raw(all).end()).events())
                .startsWith(events.toArray(String[]::new))
                .hasSize(201);
        assertThat(ask(Script.stream()
                                .splitEvery(1)
                                .raw("data: " + SECOND + "\n\n")
                                .raw("data: " + END + "\n\n")
                                .end())
                        .events())
                .containsExactly(SECOND, END);
    }

    @Test
    void passesSpeechOfFiveMegabytes() {
        String speech = "{\"event\":\"tts_message\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"audio\":\""
                + "A".repeat(5 * MEBIBYTE) + "\"}";
        HostileDify.Answer answer = ask("flow", begun().event(speech).event(END).end());
        assertThat(answer.events()).hasSize(3).contains(speech);
    }

    // ---- how a run ends

    @Test
    void staysOpenForTheSecondEndOfAChatflow() {
        String started = "{\"event\":\"workflow_started\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"data\":{}}";
        String finished =
                "{\"event\":\"workflow_finished\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"data\":{\"status\":\"succeeded\"}}";
        HostileDify.Answer answer = ask(
                "flow",
                Script.stream()
                        .event(started)
                        .event(FIRST)
                        .event(END)
                        .pause(Duration.ofMillis(500))
                        .event(finished)
                        .end());
        assertThat(answer.events()).containsExactly(started, FIRST, END, finished);
    }

    @Test
    void passesTheFailureOfARunOnAsItsEnd() {
        String started = "{\"event\":\"workflow_started\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"data\":{}}";
        String failed =
                "{\"event\":\"workflow_finished\",\"conversation_id\":\"c\",\"task_id\":\"h\",\"data\":{\"status\":\"failed\",\"error\":\"no\"}}";
        assertThat(ask("flow", Script.stream().event(started).event(failed).end())
                        .events())
                .containsExactly(started, failed);
    }

    @Test
    void anErrorWithALimitInItIsNotDressedUpAsAnother() {
        String limited =
                "{\"event\":\"error\",\"task_id\":\"h\",\"status\":429,\"code\":\"rate_limit\",\"message\":\"m\"}";
        assertThat(ask(begun().event(limited).event(SECOND).end()).events()).containsExactly(FIRST, limited);
    }

    // ---- what is never written down

    @Test
    void writesNothingDownThatUsersOrDifyHaveSaid() {
        String question = "{\"query\":\"AskedBySomeone\\r\\n2026-01-01 SEVERE forged \\u001b[31m\",\"inputs\":{},"
                + "\"conversation_id\":\"x\\r\\nforged\",\"response_mode\":\"streaming\"}";
        HostileDify.ask(server, "hostilestream", "default", question, "X-Note: forged")
                .assertFails(400, "invalid_param");
        ask(begun().event("{" + MARK).end()).assertFails(502, "upstream_error");
        ask(Script.json(500, "{\"code\":\"" + MARK + "\",\"message\":\"" + MARK + "\"}"))
                .assertFails(502, "upstream_error");
        assertThat(server.output())
                .doesNotContain("AskedBySomeone")
                .doesNotContain("forged")
                .doesNotContain(MARK)
                .doesNotContain(KEY);
    }

    @Test
    void passesBytesAndNotCharacters() {
        String text = "{\"event\":\"message\",\"task_id\":\"h\",\"answer\":\"🦊ß漢\"}";
        HostileDify.Answer answer =
                ask(Script.stream().splitEvery(1).event(text).event(END).end());
        assertThat(answer.events().get(0).getBytes(UTF_8)).isEqualTo(text.getBytes(UTF_8));
    }
}
