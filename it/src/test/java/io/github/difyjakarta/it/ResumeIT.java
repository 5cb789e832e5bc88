package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that go on in another connection than they began in, for one bill. */
@ExtendWith(SharedServer.class)
@Timeout(60)
class ResumeIT {

    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String RESUME = "Dify-Resume: 1";

    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();
    /** Of its own, since asking again and again until it is allowed takes what others have prepared. */
    private static final DifySimulator PATIENT =
            DifySimulator.builder().typing(Duration.ZERO).start();

    private static final WebArchive WAR = Wars.chat("resume.war", settings(DIFY));
    private static final WebArchive LIMITED = Wars.chat(
            "limited.war", Wars.with(settings(PATIENT), "dify.quota.enabled", "true", "dify.quota.user.streams", "1"));
    private static final WebArchive LEAVING =
            Wars.chat("leaving.war", Wars.with(settings(DIFY), "dify.relay.resume-grace", "1m"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(List.of(WAR, LIMITED), DIFY, PATIENT);

    private static Map<String, String> settings(DifySimulator dify) {
        return Wars.with(
                Wars.settings(dify),
                "dify.mode",
                "chat",
                "dify.relay.heartbeat",
                "500ms",
                "dify.relay.resume-grace",
                GRACE.toSeconds() + "s",
                "dify.relay.replay-bytes",
                "64KiB");
    }

    private final PayaraServer server;

    ResumeIT(PayaraServer server) {
        this.server = server;
    }

    private HttpConnection ask(String application, String user, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add(HttpConnection.user(user));
        return new HttpConnection(server.port())
                .post("/" + application + "/dify/default/chat-messages", QUESTION, all.toArray(String[]::new));
    }

    private HttpConnection resume(String application, String user, String id, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add(HttpConnection.user(user));
        return new HttpConnection(server.port())
                .get("/" + application + "/dify/default/streams/" + id, all.toArray(String[]::new));
    }

    private static List<String> whole(String task, int count) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Answers.event(task, i));
        }
        events.add(Answers.messageEnd(task));
        return events;
    }

    private static List<Long> ids(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("id: "))
                .map(line -> Long.valueOf(line.substring("id: ".length())))
                .toList();
    }

    private static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static long runs(String user) {
        return DIFY.requests().stream()
                .filter(request -> request.path().equals("/chat-messages")
                        && request.body().contains("\"" + user + "\""))
                .count();
    }

    private static boolean isStop(RecordedRequest request, String task) {
        return request.path().equals("/chat-messages/" + task + "/stop");
    }

    /** Reads so many events at least, as text with their ids. */
    private static String read(HttpConnection browser, int events) throws IOException {
        StringBuilder text = new StringBuilder();
        while (Answers.data(text.toString()).size() < events) {
            HttpConnection.Chunk chunk = browser.readChunk();
            assertThat(chunk.isLast()).as("ended after %s", text).isFalse();
            text.append(chunk.text());
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatWasCutIsTheSameAsOneThatWasNot(boolean reset) throws Exception {
        String user = "cut-" + reset;
        DIFY.next(Answers.whole(user, 40, Duration.ofMillis(50)));
        String seen;
        String id;
        try (HttpConnection browser = ask("resume", user, RESUME)) {
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).isEqualTo(200);
            id = head.header("Dify-Stream-Id");
            assertThat(id).matches("[0-9a-f]{32}");
            seen = read(browser, 5);
            if (reset) {
                browser.reset();
            }
        }
        try (HttpConnection browser =
                resume("resume", user, id, "Last-Event-ID: " + ids(seen).size())) {
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualToIgnoringCase("text/event-stream;charset=utf-8");
            seen += browser.readBody(head);
        }
        assertThat(Answers.data(seen)).isEqualTo(whole(user, 40));
        assertThat(ids(seen)).isEqualTo(from(1, 41));
        assertThat(runs(user)).isEqualTo(1);
        assertThat(DIFY.requests()).noneMatch(request -> isStop(request, user));
    }

    @Test
    void aReloadedPageReadsFromTheBeginningWhileItsOldConnectionIsStillThere() throws Exception {
        DIFY.next(Answers.whole("reload", 20, Duration.ofMillis(100)));
        try (HttpConnection old = ask("resume", "reload", RESUME)) {
            String id = old.readHead().header("Dify-Stream-Id");
            read(old, 3);
            try (HttpConnection browser = resume("resume", "reload", id)) {
                HttpConnection.Head head = browser.readHead();
                assertThat(Answers.data(browser.readBody(head))).isEqualTo(whole("reload", 20));
            }
            assertThat(old.readChunkWith("error").text()).contains("\"code\":\"taken_over\"");
            assertThat(old.readChunk().isLast()).isTrue();
        }
        assertThat(runs("reload")).isEqualTo(1);
    }

    @Test
    void aFinishedAnswerCanBeReadAgainUntilTheGraceIsOver() throws Exception {
        DIFY.next(Answers.whole("finished", 3, Duration.ZERO));
        String id;
        try (HttpConnection browser = ask("resume", "finished", RESUME)) {
            HttpConnection.Head head = browser.readHead();
            id = head.header("Dify-Stream-Id");
            browser.readBody(head);
        }
        try (HttpConnection browser = resume("resume", "finished", id + "?last_event_id=2")) {
            HttpConnection.Head head = browser.readHead();
            assertThat(Answers.data(browser.readBody(head)))
                    .isEqualTo(whole("finished", 3).subList(2, 4));
        }
        await().atMost(GRACE.plusSeconds(3)).untilAsserted(() -> {
            // Whoever only asks for what never was does not read it.
            try (HttpConnection browser = resume("resume", "finished", id, "Last-Event-ID: 99")) {
                assertThat(browser.readHead().status()).isEqualTo(404);
            }
        });
    }

    @Test
    void nobodyElseReadsAnAnswerOrLearnsThatThereIsOne() throws Exception {
        DIFY.next(Answers.whole("owner", 20, Duration.ofMillis(100)));
        try (HttpConnection owner = ask("resume", "owner", RESUME)) {
            HttpConnection.Head head = owner.readHead();
            String foreign = refusal("eve", head.header("Dify-Stream-Id"), 404);
            assertThat(foreign).isEqualTo(refusal("eve", "0".repeat(32), 404)).contains("\"code\":\"not_found\"");
            assertThat(refusal("eve", "nonsense", 404)).isEqualTo(foreign);
            assertThat(Answers.data(owner.readBody(head))).isEqualTo(whole("owner", 20));
        }
    }

    private String refusal(String user, String id, int status, String... headers) throws IOException {
        try (HttpConnection browser = resume("resume", user, id, headers)) {
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).isEqualTo(status);
            assertThat(head.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(head.header("Dify-Stream-Id")).isEmpty();
            return browser.readBody(head);
        }
    }

    @Test
    void whatIsNotKeptAnyMoreIsSaidToBeGone() throws Exception {
        String longWord = "x".repeat(4_000);
        DIFY.next(Script.stream()
                .events(40, Duration.ZERO, i -> Answers.event("gone", i).replace("word", longWord))
                .event(Answers.messageEnd("gone"))
                .end());
        String id;
        try (HttpConnection browser = ask("resume", "gone", RESUME)) {
            HttpConnection.Head head = browser.readHead();
            id = head.header("Dify-Stream-Id");
            browser.readBody(head);
        }
        assertThat(refusal("gone", id, 410)).contains("\"code\":\"stream_gone\"");
        assertThat(refusal("gone", id, 400, "Last-Event-ID: 99")).contains("\"code\":\"invalid_param\"");
        assertThat(refusal("gone", id, 400, "Last-Event-ID: -1")).contains("\"code\":\"invalid_param\"");
        try (HttpConnection browser = resume("resume", "gone", id, "Last-Event-ID: 35")) {
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(ids(browser.readBody(head))).isEqualTo(from(36, 41));
        }
    }

    @Test
    void stopsTheRunOfABrowserThatDoesNotComeBackInTime() throws Exception {
        DIFY.next(Answers.events("late", 3, Duration.ZERO)
                .awaitStop(Duration.ofSeconds(20))
                .event(Answers.messageEnd("late"))
                .end());
        String id;
        long left;
        try (HttpConnection browser = ask("resume", "late", RESUME)) {
            id = browser.readHead().header("Dify-Stream-Id");
            read(browser, 3);
            left = System.nanoTime();
        }
        DIFY.awaitRequest(request -> isStop(request, "late"), PATIENCE);
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isBetween(GRACE, GRACE.plusSeconds(3));
        assertThat(refusal("late", id, 404)).contains("not_found");
    }

    @Test
    void aRunCanBeStoppedWhileNobodyReadsIt() throws Exception {
        DIFY.next(Answers.events("stopped", 3, Duration.ZERO)
                .awaitStop(Duration.ofSeconds(20))
                .event(Answers.messageEnd("stopped"))
                .end());
        String id;
        try (HttpConnection browser = ask("resume", "stopped", RESUME)) {
            id = browser.readHead().header("Dify-Stream-Id");
            read(browser, 3);
        }
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.post("/resume/dify/default/chat-messages/stopped/stop", "{}", HttpConnection.user("stopped"));
            assertThat(browser.readHead().status()).isEqualTo(200);
        }
        DIFY.awaitRequest(request -> isStop(request, "stopped"), Duration.ofSeconds(1));
        try (HttpConnection browser = resume("resume", "stopped", id, "Last-Event-ID: 3")) {
            HttpConnection.Head head = browser.readHead();
            assertThat(Answers.data(browser.readBody(head))).containsExactly(Answers.messageEnd("stopped"));
        }
    }

    @Test
    void theSameQuestionTwiceAtTheSameTimeIsAskedOnce() throws Exception {
        DIFY.next(Answers.whole("double", 10, Duration.ofMillis(100)));
        CyclicBarrier together = new CyclicBarrier(2);
        Callable<String> asking = () -> {
            together.await(10, TimeUnit.SECONDS);
            try (HttpConnection browser = ask("resume", "double", "Idempotency-Key: 4711")) {
                HttpConnection.Head head = browser.readHead();
                return head.status() + " " + browser.readBody(head);
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<String> one = threads.submit(asking);
            Future<String> two = threads.submit(asking);
            List<String> answers = List.of(one.get(30, TimeUnit.SECONDS), two.get(30, TimeUnit.SECONDS));
            assertThat(answers)
                    .filteredOn(answer -> answer.contains("taken_over"))
                    .hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.startsWith("200 ")
                            && Answers.data(answer.substring("200 ".length())).equals(whole("double", 10)))
                    .hasSize(1);
            assertThat(answers).noneMatch(answer -> answer.contains("id: "));
        } finally {
            threads.shutdownNow();
        }
        assertThat(runs("double")).isEqualTo(1);
    }

    @Test
    void aQuestionThatIsSentAgainGetsTheSameAnswerAndAKeyIsForOneQuestion() throws Exception {
        DIFY.next(Answers.whole("again", 5, Duration.ofMillis(20)));
        for (int attempt = 0; attempt < 2; attempt++) {
            try (HttpConnection browser = ask("resume", "again", "Idempotency-Key: k")) {
                HttpConnection.Head head = browser.readHead();
                assertThat(Answers.data(browser.readBody(head))).isEqualTo(whole("again", 5));
            }
        }
        assertThat(runs("again")).isEqualTo(1);
        Front front = Front.of(server, "resume", "default", "again").with("Idempotency-Key: k");
        front.send("POST", "chat-messages", QUESTION.replace("order", "parcel"))
                .assertIsProblem(422, "idempotency_key_reused");
        Front.of(server, "resume", "default", "again")
                .with("Idempotency-Key: two words")
                .send("POST", "chat-messages", QUESTION)
                .assertIsProblem(400, "invalid_param");
        assertThat(runs("again")).isEqualTo(1);
    }

    @Test
    void aRunHasOnePlaceAndKeepsItUntilItEnds() throws Exception {
        PATIENT.next(Answers.events("place", 3, Duration.ZERO)
                .pause(Duration.ofMillis(1_500))
                .event(Answers.messageEnd("place"))
                .end());
        String id;
        try (HttpConnection browser = ask("limited", "place", RESUME)) {
            id = browser.readHead().header("Dify-Stream-Id");
            read(browser, 3);
        }
        Front front = Front.of(server, "limited", "default", "place");
        front.send("POST", "chat-messages", QUESTION).assertIsProblem(429, "quota_exceeded");
        try (HttpConnection browser = resume("limited", "place", id, "Last-Event-ID: 3")) {
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).as("coming back takes no place").isEqualTo(200);
            assertThat(Answers.data(browser.readBody(head))).containsExactly(Answers.messageEnd("place"));
        }
        for (int next = 0; next < 3; next++) {
            PATIENT.next(Answers.events("place", 3, Duration.ZERO)
                    .awaitStop(Duration.ofSeconds(20))
                    .event(Answers.messageEnd("place"))
                    .end());
            int round = next;
            await().atMost(PATIENCE).untilAsserted(() -> {
                try (HttpConnection browser = ask("limited", "place")) {
                    HttpConnection.Head head = browser.readHead();
                    assertThat(head.status())
                            .as("round %s: %s", round, head.headers())
                            .isEqualTo(200);
                    read(browser, 3);
                }
            });
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            Front.Answer answer = front.send("POST", "chat-messages", QUESTION);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        });
    }

    @Test
    void plainClientsSeeDifysFramesAndNothingElse() throws Exception {
        DIFY.next(Answers.whole("plain", 5, Duration.ofMillis(10)));
        try (HttpConnection browser = ask("resume", "plain")) {
            HttpConnection.Head head = browser.readHead();
            assertThat(head.headers()).doesNotContainKey("Dify-Stream-Id");
            assertThat(browser.readBody(head)).doesNotContain("id:");
        }
    }

    @Test
    void anUndeploymentStopsWhatNobodyReads() throws Exception {
        server.deploy(LEAVING);
        DIFY.next(Answers.events("undeployed", 3, Duration.ZERO)
                .awaitStop(Duration.ofSeconds(20))
                .event(Answers.messageEnd("undeployed"))
                .end());
        try (HttpConnection browser = ask("leaving", "undeployed", RESUME)) {
            browser.readHead();
            read(browser, 3);
        }
        long asked = System.nanoTime();
        server.undeploy(LEAVING);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(9));
        assertThat(DIFY.requests()).anyMatch(request -> isStop(request, "undeployed"));
    }
}
