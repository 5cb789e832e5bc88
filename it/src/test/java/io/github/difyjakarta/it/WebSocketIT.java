package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.it.host.HostSocket;
import io.github.difyjakarta.it.host.OldFilter;
import io.github.difyjakarta.it.host.SessionServlet;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat over a WebSocket, in an application that has filters, sessions and a WebSocket of its own. */
@ExtendWith(SharedServer.class)
@Timeout(60)
class WebSocketIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PATH = "/socket/dify-ws/default";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private static final DifySimulator DIFY = DifySimulator.start();
    private static final WebArchive WAR = Wars.chat(
                    "socket.war",
                    Wars.with(
                            Wars.settings(DIFY),
                            "dify.mode",
                            "chat",
                            "dify.apps",
                            "closed",
                            "dify.apps.closed.api-key",
                            DIFY.key(),
                            "dify.apps.closed.relay.endpoints",
                            "chat",
                            "dify.relay.write-timeout",
                            "4s",
                            "dify.websocket.max-message-bytes",
                            "4KiB",
                            "dify.websocket.allowed-origins",
                            "https://partner.example",
                            "dify.relay.allowed-origins",
                            "https://front.example"))
            .addClasses(HostSocket.class, OldFilter.class, SessionServlet.class);

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final PayaraServer server;

    WebSocketIT(PayaraServer server) {
        this.server = server;
    }

    private SocketClient connect(String user) {
        return SocketClient.connect(server, PATH, user);
    }

    private static RecordedRequest awaitStop(String task) {
        return DIFY.awaitRequest(request -> request.path().equals("/chat-messages/" + task + "/stop"), PATIENCE);
    }

    private static Script endless(String task) {
        return Answers.events(task, 3, Duration.ofMillis(20))
                .awaitStop(PATIENCE)
                .event(Answers.messageEnd(task))
                .end();
    }

    // ---- questions and answers

    @Test
    void everyPieceIsThereBeforeDifySendsTheNext() throws Exception {
        int count = 5;
        AtomicLongArray sent = new AtomicLongArray(count);
        DIFY.next(Answers.events("live", count, Duration.ofMillis(200), number -> sent.set(number, System.nanoTime()))
                .event(Answers.messageEnd("live"))
                .end());
        try (SocketClient browser = connect("live")) {
            browser.ask("Where is my order?");
            JsonNode start = browser.next("start");
            assertThat(start.path("task_id").asText()).isEqualTo("live");
            List<Long> heard = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SocketClient.Frame chunk = browser.next();
                assertThat(chunk.text()).isEqualTo("{\"type\":\"chunk\",\"content\":\"word " + i + " \"}");
                heard.add(chunk.at());
            }
            for (int i = 0; i + 1 < count; i++) {
                assertThat(heard.get(i) - sent.get(i + 1)).as("piece %d", i).isNegative();
            }
            JsonNode done = browser.next("done");
            assertThat(done.path("full_answer").asText()).isEqualTo("word 0 word 1 word 2 word 3 word 4 ");
            assertThat(done.path("conversation_id").asText()).isEqualTo("c-live");
            assertThat(done.path("message_id").asText()).isEqualTo("m-live");
            assertThat(done.path("usage").path("total_tokens").asInt()).isEqualTo(7);
        }
        DIFY.awaitRequest(request -> request.body().contains("\"user\":\"live\""), PATIENCE);
    }

    /** The simulator's own answers, whose conversations have proper ids. */
    @Test
    void keepsTheConversation() throws Exception {
        try (SocketClient browser = connect("conversation")) {
            assertThat(browser.ask("Where is order 4711?").answer()).isNotEmpty();
            assertThat(browser.ask("And order 4712?").answer()).isNotEmpty();
        }
        List<String> bodies = DIFY.requests().stream()
                .map(RecordedRequest::body)
                .filter(body -> body.contains("\"user\":\"conversation\""))
                .toList();
        assertThat(bodies.get(0)).contains("\"conversation_id\":\"\"");
        assertThat(bodies.get(1)).doesNotContain("\"conversation_id\":\"\"").contains("\"conversation_id\":\"");
    }

    @Test
    void passesDifysEventsAsTheyAreToWhoAsksForThem() throws Exception {
        DIFY.next(Answers.whole("raw", 3, Duration.ofMillis(10)));
        try (SocketClient browser = SocketClient.connect(server, PATH + "?events=verbatim", "ada")) {
            browser.ask("Where is my order?");
            for (int i = 0; i < 3; i++) {
                assertThat(browser.next().text()).isEqualTo(Answers.event("raw", i));
            }
            assertThat(browser.next().text()).isEqualTo(Answers.messageEnd("raw"));
            browser.say("{");
            assertThat(browser.next().text()).startsWith("{\"event\":\"error\"").contains("\"bad_request\"");
        }
    }

    @Test
    void stopsAnAnswerAndGoesOn() throws Exception {
        DIFY.next(endless("stopped"));
        try (SocketClient browser = connect("ada")) {
            browser.ask("Where is my order?");
            browser.next("start");
            browser.next("chunk");
            browser.say("{\"type\":\"stop\"}");
            assertThat(awaitStop("stopped").body()).contains("\"user\":\"ada\"");
            JsonNode frame = browser.next().json();
            while (frame.path("type").asText().equals("chunk")) {
                frame = browser.next().json();
            }
            assertThat(frame.path("type").asText()).isEqualTo("done");
            DIFY.next(Answers.whole("after-stop", 1, Duration.ZERO));
            assertThat(browser.ask("Else?").answer()).isEqualTo("word 0 ");
        }
    }

    @Test
    void saysWhatIsWrongAndStays() throws Exception {
        DIFY.next(endless("patient"));
        try (SocketClient browser = connect("ada")) {
            browser.ask("");
            browser.nextError("invalid_param");
            browser.say("{\"query\":");
            browser.nextError("bad_request");
            browser.say("{\"type\":\"ping\"}");
            browser.next("pong");
            browser.ask("Where is my order?");
            browser.next("start");
            browser.ask("And now?");
            JsonNode frame = browser.next().json();
            while (frame.path("type").asText().equals("chunk")) {
                frame = browser.next().json();
            }
            assertThat(frame.path("code").asText()).isEqualTo("busy");
            browser.say("{\"type\":\"stop\"}");
            awaitStop("patient");
        }
    }

    @Test
    void aRefusalOfDifysIsAnErrorAndTheSocketStays() throws Exception {
        try (SocketClient browser = connect("ada")) {
            DIFY.next(Script.json(400, "{\"code\":\"app_unavailable\",\"message\":\"no\",\"status\":400}"));
            browser.ask("Where is my order?");
            assertThat(browser.nextError("app_unavailable").path("status").asInt())
                    .isEqualTo(400);
            DIFY.next(Answers.events("torn", 2, Duration.ZERO).cut());
            browser.ask("Where is my order?");
            browser.next("start");
            browser.next("chunk");
            JsonNode error = browser.next().json();
            while (error.path("type").asText().equals("chunk")) {
                error = browser.next().json();
            }
            assertThat(error.path("code").asText()).isEqualTo("upstream_closed");
            assertThat(error.path("retryable").asBoolean()).isTrue();
            DIFY.next(Answers.whole("mended", 1, Duration.ZERO));
            assertThat(browser.ask("Else?").answer()).isEqualTo("word 0 ");
        }
    }

    // ---- too much

    @Test
    void takesAMessageUpToTheLimitInFragmentsToo() throws Exception {
        DIFY.next(Answers.whole("large", 1, Duration.ZERO));
        String question = "{\"query\":\"" + "x".repeat(4096 - 12) + "\"}";
        try (SocketClient browser = connect("ada")) {
            assertThat(browser.say(
                                    question.substring(0, 2000),
                                    question.substring(2000, 4000),
                                    question.substring(4000))
                            .answer())
                    .isEqualTo("word 0 ");
            browser.say(question + " ");
            assertThat(browser.closed()).startsWith("1009");
        }
    }

    @Test
    void closesOnAMessageThatIsTooLargeInFragmentsAndKeepsNoneOfIt() throws Exception {
        String megabyte = "x".repeat(1 << 20);
        try (SocketClient browser = connect("ada")) {
            String[] pieces = new String[20];
            Arrays.fill(pieces, megabyte);
            try {
                browser.say(pieces);
            } catch (CompletionException e) {
                assertThat(e).hasRootCauseInstanceOf(IOException.class); // it has closed in the middle of it
            }
            assertThat(browser.closed()).startsWith("1009");
        }
    }

    @Test
    void closesOnABinaryMessage() throws Exception {
        try (SocketClient browser = connect("ada")) {
            browser.sayBinary(new byte[] {1});
            assertThat(browser.closed()).isEqualTo("1003 text_only");
        }
    }

    @Test
    void endsABrowserThatStopsReadingWhileAnotherGoesOn() throws Exception {
        String text = "a long answer, ".repeat(2_200);
        int events = 1_500;
        AtomicInteger sent = new AtomicInteger();
        DIFY.next(Script.stream().events(events, Duration.ZERO, count -> {
            sent.set(count);
            return Answers.event("deaf", 0).replace("word 0", text);
        }));
        try (SocketClient deaf = SocketClient.deaf(server, PATH + "?events=verbatim", "deaf")) {
            deaf.ask("Where is my order?");
            DIFY.awaitRequest(request -> request.body().contains("\"user\":\"deaf\""), PATIENCE);
            DIFY.next(Answers.whole("beside", 20, Duration.ofMillis(50)));
            try (SocketClient other = connect("other")) {
                assertThat(other.ask("Where is my order?").answer()).endsWith("word 19 ");
            }
            awaitStop("deaf");
            assertThat(sent.get()).as("events until Dify was held back").isLessThan(events - 1);
        }
        awaitNothingIsLeft();
    }

    // ---- who may connect

    private HttpConnection.Head handshake(String path, String... headers) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("Upgrade: websocket", "Connection: Upgrade", KEY, "Sec-WebSocket-Version: 13"));
        all.addAll(List.of(headers));
        try (HttpConnection browser = new HttpConnection(server.port())) {
            return browser.get(path, all.toArray(String[]::new)).readHead();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost, 101",
        "https://localhost, 101",
        "https://partner.example, 101",
        "https://front.example, 101",
        "https://evil.example, 403",
        "null, 403",
        "http://localhost:81, 403",
        "http://localhost.evil.example, 403",
        "http://notlocalhost, 403",
        "HTTP://LOCALHOST, 403",
        "http://partner.example, 403"
    })
    void onlyPagesOfThisHostAndListedOnesMayConnect(String origin, int status) throws IOException {
        HttpConnection.Head head = handshake(PATH, "Origin: " + origin, HttpConnection.user("ada"));
        assertThat(head.status()).isEqualTo(status);
        assertThat(head.header("Old-Filter"))
                .as("the host's own filters see it")
                .isEqualTo("was here");
    }

    @Test
    void refusesWithAStatusBeforeAnythingIsUpgraded() throws IOException {
        String page = "Origin: http://localhost";
        String ada = HttpConnection.user("ada");
        assertThat(handshake(PATH, ada).status()).as("no origin").isEqualTo(403);
        assertThat(handshake(PATH, page).status()).as("no login").isEqualTo(401);
        assertThat(handshake("/socket/dify-ws/nobody", page, ada).status()).isEqualTo(404);
        assertThat(handshake("/socket/dify-ws", page, ada).status()).isEqualTo(404);
        assertThat(handshake("/socket/dify-ws/default/x", page, ada).status()).isEqualTo(404);
        assertThat(handshake("/socket/dify-ws/closed", page, ada).status())
                .as("switched off")
                .isEqualTo(404);
        assertThat(handshake(PATH + "?events=all", page, ada).status()).isEqualTo(400);
        new Front(server.port(), "/socket/dify-ws/", List.of(ada))
                .get("default")
                .assertIsProblem(400, "bad_request");
    }

    /** The container's own table has the endpoint, but nobody gets in there. */
    @Test
    void thereIsNoOtherWayIn() throws Exception {
        try (SocketClient browser = SocketClient.connect(server, "/socket/io.github.difyjakarta.websocket", "ada")) {
            assertThat(browser.closed()).startsWith("1008");
        }
    }

    @Test
    void theWebSocketsOfTheApplicationLiveOn() throws Exception {
        try (SocketClient browser = SocketClient.connect(server, "/socket/echo", "ada")) {
            assertThat(browser.say("Anybody there?").next().text()).isEqualTo("Anybody there?");
        }
    }

    @Test
    void closesTheSocketsOfASessionThatEnds() throws Exception {
        String ada = HttpConnection.user("ada");
        String session = cookie(request("/socket/session", ada));
        DIFY.next(endless("logout"));
        try (SocketClient first = SocketClient.connect(server, PATH, "ada", List.of("Cookie: " + session));
                SocketClient second = SocketClient.connect(server, PATH, "ada", List.of("Cookie: " + session));
                SocketClient without = connect("ada")) {
            first.ask("Where is my order?");
            first.next("start");
            String renamed = cookie(request("/socket/session/rename", ada, "Cookie: " + session));
            assertThat(renamed).isNotEqualTo(session);
            request("/socket/session/end", ada, "Cookie: " + renamed);
            assertThat(first.closed()).startsWith("1008");
            assertThat(second.closed()).startsWith("1008");
            awaitStop("logout");
            without.say("{\"type\":\"ping\"}").next("pong");
        }
    }

    private HttpConnection.Head request(String path, String... headers) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            return browser.get(path, headers).readHead();
        }
    }

    private static String cookie(HttpConnection.Head head) {
        assertThat(head.status()).isEqualTo(200);
        return head.header("Set-Cookie").split(";", 2)[0];
    }

    // ---- leaving

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsTheRunOfABrowserThatLeaves(boolean politely) throws Exception {
        String task = "left-" + politely;
        DIFY.next(endless(task));
        SocketClient browser = connect("ada");
        browser.ask("Where is my order?");
        browser.next("start");
        browser.next("chunk");
        if (politely) {
            browser.close();
        } else {
            browser.abort();
        }
        assertThat(awaitStop(task).body()).contains("\"user\":\"ada\"");
    }

    @Test
    void nothingIsLeftOfManyThatCameAndWent() throws Exception {
        for (int i = 0; i < 40; i++) {
            String task = "many-" + i;
            SocketClient browser = connect("ada");
            if (i % 4 > 0) {
                DIFY.next(i % 4 == 1 ? Answers.whole(task, 3, Duration.ZERO) : endless(task));
                browser.ask("Where is my order?");
                browser.next("start");
            }
            if (i % 4 == 1) {
                browser.next("chunk");
            }
            if (i % 2 == 0) {
                browser.abort();
            } else {
                browser.close();
            }
        }
        awaitNothingIsLeft();
    }

    private void awaitNothingIsLeft() {
        DIFY.awaitOpenConnections(0, Duration.ofSeconds(20));
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    Histogram heap = server.histogram();
                    for (String type : List.of("websocket.SocketChat", "websocket.WebSocketOutlet", "relay.Relay")) {
                        assertThat(heap.count("io.github.difyjakarta." + type))
                                .as(type)
                                .isZero();
                    }
                    assertThat(server.descriptors())
                            .filteredOn(descriptor -> descriptor.startsWith("socket:"))
                            .hasSizeLessThan(15);
                });
        assertThat(server.threads()).as("threads of ours").hasSizeGreaterThan(1).doesNotContainKey("dify-websocket");
    }

    @Test
    void tellsWhoWaitsForAnAnswerThatTheApplicationEnds() throws Exception {
        WebArchive going = Wars.chat("going.war", Wars.with(Wars.settings(DIFY), "dify.mode", "chat"));
        server.deploy(going);
        DIFY.next(endless("going"));
        try (SocketClient asking = SocketClient.connect(server, "/going/dify-ws/default", "ada");
                SocketClient quiet = SocketClient.connect(server, "/going/dify-ws/default", "bob")) {
            asking.ask("Where is my order?");
            asking.next("start");
            asking.next("chunk");
            long begun = System.nanoTime();
            server.undeploy(going);
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun))
                    .isLessThan(8);
            JsonNode frame = asking.next().json();
            while (frame.path("type").asText().equals("chunk")) {
                frame = asking.next().json();
            }
            assertThat(frame.path("code").asText()).isEqualTo("shutting_down");
            assertThat(asking.closed()).isEqualTo("1001 shutting_down");
            assertThat(quiet.closed()).isEqualTo("1001 shutting_down");
            awaitStop("going");
        }
    }
}
