package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import io.github.difyjakarta.simulator.StreamRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever closes the page ends the run at Dify, and nobody waits for it any longer than it takes to notice. */
@ExtendWith(SharedServer.class)
class BrowserLeavesIT {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration NOTICED = HEARTBEAT.multipliedBy(3).plusMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Set<String> DRAINED = ConcurrentHashMap.newKeySet();
    private static final DifySimulator DIFY = DifySimulator.start();
    private static final WebArchive WAR = Wars.chat(
            "leaves.war", Wars.with(Wars.settings(DIFY), "dify.relay.heartbeat", HEARTBEAT.toMillis() + "ms"));

    /** Its heartbeat is far longer than these tests wait. */
    private static final WebArchive UNTICKED = Wars.chat("unticked.war", Wars.settings(DIFY));

    @RegisterExtension
    static final Deployed APP = Deployed.of(List.of(WAR, UNTICKED), DIFY);

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** How a browser goes away. */
    private enum Way {
        FIN {
            @Override
            void leave(HttpConnection browser) throws IOException {
                browser.close();
            }
        },
        RST {
            @Override
            void leave(HttpConnection browser) throws IOException {
                browser.reset();
            }
        };

        abstract void leave(HttpConnection browser) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void stopsTheRunOfABrowserThatLeftInTheMiddleOfTheAnswer(Way way, PayaraServer server) throws Exception {
        String task = "middle-" + way;
        Script endless = Answers.events(task, 3, Duration.ofMillis(50));
        for (int i = 0; i < 8; i++) {
            endless = endless.pause(Duration.ofMillis(300)).event(Answers.event(task, 3 + i));
        }
        assertThatRunIsStopped(task, endless, "leaves", way, NOTICED, server);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void stopsTheRunOfABrowserThatLeftInASilence(Way way, PayaraServer server) throws Exception {
        String task = "silence-" + way;
        assertThatRunIsStopped(task, Answers.events(task, 3, Duration.ofMillis(50)), "leaves", way, NOTICED, server);
    }

    /** The Servlet API shows it in writes that fail; Payara's connections tell by themselves. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void stopsTheRunAtOnceWithoutAWordToTheBrowser(Way way, PayaraServer server) throws Exception {
        String task = "at-once-" + way;
        assertThatRunIsStopped(task, Answers.events(task, 3, Duration.ZERO), "unticked", way, AT_ONCE, server);
    }

    /** What is asked of the connection for the sake of a stream must not outlast it. */
    @Test
    void answersTheNextQuestionOnTheSameConnection(PayaraServer server) throws Exception {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            for (int question = 0; question < 3; question++) {
                String task = "again-" + question;
                DIFY.next(Answers.whole(task, 3, Duration.ZERO));
                browser.post(path("unticked"), QUESTION, HttpConnection.user(task));
                HttpConnection.Head head = browser.readHead();
                assertThat(head.status()).isEqualTo(200);
                assertThat(Answers.data(browser.readBody(head))).hasSize(4);
            }
        }
    }

    /** There is no task to name before Dify's first word; so that is waited for, and then the stop is sent. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void stopsTheRunOfABrowserThatLeftBeforeTheFirstByteAsSoonAsItHasAName(Way way, PayaraServer server)
            throws Exception {
        String task = "early-" + way;
        Script late = Script.stream().headAfter(Duration.ofSeconds(3)).event(Answers.event(task, 0));
        DIFY.next(ending(late, task));
        long left;
        try (HttpConnection browser = ask(server, "leaves", task)) {
            awaitRun(task);
            way.leave(browser);
            left = System.nanoTime();
        }
        RecordedRequest stop = awaitStop(task);
        assertThat(Duration.ofNanos(System.nanoTime() - left))
                .isLessThan(Duration.ofSeconds(3).plus(NOTICED));
        assertThat(stop.body()).contains("\"user\":\"" + task + "\"");
        assertThatRunEnds(task);
    }

    private static void assertThatRunIsStopped(
            String task, Script script, String application, Way way, Duration within, PayaraServer server)
            throws Exception {
        DIFY.next(ending(script, task));
        long left;
        try (HttpConnection browser = ask(server, application, task)) {
            assertThat(browser.readHead().status()).isEqualTo(200);
            for (int seen = 0; seen < 3; ) {
                seen += Answers.data(browser.readChunk().text()).size();
            }
            way.leave(browser);
            left = System.nanoTime();
        }
        RecordedRequest stop = awaitStop(task);
        assertThat(Duration.ofNanos(System.nanoTime() - left))
                .as("until the stop call")
                .isLessThan(within);
        assertThat(stop.body()).contains("\"user\":\"" + task + "\"");
        assertThatRunEnds(task);
    }

    /** As Dify: some time after the stop the run ends with an ordinary end of message, if somebody still reads. */
    private static Script ending(Script script, String task) {
        return script.awaitStop(PATIENCE)
                .pause(Duration.ofMillis(300))
                .events(1, Duration.ZERO, number -> {
                    DRAINED.add(task);
                    return Answers.messageEnd(task);
                })
                .end();
    }

    /** Each test has a user of its own, so that no other test's stop is taken for its own. */
    private static HttpConnection ask(PayaraServer server, String application, String user) throws IOException {
        return new HttpConnection(server.port()).post(path(application), QUESTION, HttpConnection.user(user));
    }

    private static String path(String application) {
        return "/" + application + "/dify/default/chat-messages";
    }

    private static RecordedRequest awaitRun(String user) {
        return DIFY.awaitRequest(
                request -> request.path().equals("/chat-messages")
                        && request.body().contains(user),
                PATIENCE);
    }

    private static RecordedRequest awaitStop(String task) {
        return DIFY.awaitRequest(request -> request.path().equals("/chat-messages/" + task + "/stop"), PATIENCE);
    }

    /** Once Dify has said its last word the connection may be closed from either side. */
    private static void assertThatRunEnds(String user) throws Exception {
        RecordedRequest run = awaitRun(user);
        StreamRecord stream = DIFY.streams().stream()
                .filter(candidate -> candidate.request().equals(run))
                .findFirst()
                .orElseThrow();
        assertThat(stream.ended().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isIn(StreamRecord.End.COMPLETED, StreamRecord.End.CLIENT_CLOSED);
        assertThat(DRAINED).as("runs that were read to their end").contains(user);
    }
}
