package io.github.difyjakarta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of a scripted Dify that browsers come back to, by id or by key. */
@Timeout(60)
class KeptStreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST = 3;
    private static final String ONE = "{\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"one\"}";
    private static final String END = "{\"event\":\"message_end\",\"task_id\":\"t-1\",\"metadata\":{}}";

    private final ScriptedDify scripted = new ScriptedDify();
    private final DifySimulator dify = scripted.dify();
    private final DifyClient client = scripted.client();
    private final RelayConfig config = ScriptedDify.quick(MOST);
    private final AtomicLong now = new AtomicLong();
    private final Relays relays = new Relays(config, scripted.timer(), now::get);
    private final RecordingOutlet browser = new RecordingOutlet();
    private final RecordingOutlet again = new RecordingOutlet();

    @AfterEach
    void close() {
        scripted.close();
    }

    private Beginning ask() {
        return new Beginning.Run(
                client.chat().stream(ChatRequest.of("ada", "Hello?")), TokenMeter.FREE, EventPolicy.ALL);
    }

    private static Beginning never() {
        throw new AssertionError("asked again");
    }

    private static Question question(String key, String content) {
        return new Question("default", "ada", Optional.of(key), content);
    }

    private Relays.Opened open(Question question, RecordingOutlet outlet) {
        return open(question, outlet, this::ask).get(0);
    }

    /** What was announced: one thing, or nothing. */
    private List<Relays.Opened> open(Question question, RecordingOutlet outlet, Supplier<Beginning> begin) {
        List<Relays.Opened> announced = new ArrayList<>();
        relays.open(
                question,
                outlet,
                opened -> {
                    assertThat(outlet.soFar()).as("before the announcement").isEmpty();
                    announced.add(opened);
                },
                begin);
        return announced;
    }

    private void awaitNothingKept() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (relays.active() > 0 || relays.kept() > 0) {
            assertThat(System.nanoTime()).as("something is still kept").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private long runs() {
        return dify.requests().stream()
                .filter(request -> request.path().equals("/chat-messages"))
                .count();
    }

    @Test
    void goOnForTheirOwnerAndNobodyElse() throws Exception {
        dify.next(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        Relays.Opened opened = open(new Question("default", "ada", Optional.empty(), "Hello?"), browser);
        assertThat(opened.isNew()).isTrue();
        assertThat(opened.id()).matches("[0-9a-f]{32}");
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        browser.leave();
        RecordingOutlet eve = new RecordingOutlet();
        relays.resume(opened.id(), "default", "eve", eve, 1);
        relays.resume(opened.id(), "other", "ada", eve, 1);
        relays.resume("0".repeat(32), "default", "ada", eve, 1);
        assertThat(eve.soFar()).containsExactly("error 404 not_found", "error 404 not_found", "error 404 not_found");
        assertThat(eve.errors().get(0))
                .isEqualTo(eve.errors().get(1))
                .isEqualTo(eve.errors().get(2));
        relays.resume(opened.id(), "default", "ada", again, 0);
        assertThat(again.nextWord()).isEqualTo("event " + ONE);
        assertThat(relays.isRunning("t-1", "ada")).as("can be stopped").isTrue();
        relays.shutDown();
    }

    @Test
    void areBegunOnceForAKey() throws Exception {
        dify.next(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        Relays.Opened first = open(question("k", "Hello?"), browser);
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(open(question("k", "Hello?"), again, KeptStreamsTest::never))
                .containsExactly(new Relays.Opened(first.id(), false));
        assertThat(again.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("error 409 taken_over");
        assertThat(runs()).isEqualTo(1);
        relays.shutDown();
    }

    @Test
    void waitForWhoBeginsThem() throws Exception {
        dify.next(Script.stream().event(ONE).event(END));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch joined = new CountDownLatch(1);
        Thread slow = new Thread(() -> open(question("k", "Hello?"), browser, () -> {
            begun.countDown();
            try {
                assertThat(joined.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return ask();
        }));
        slow.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(open(question("k", "Hello?"), again, KeptStreamsTest::never))
                .singleElement()
                .matches(opened -> !opened.isNew());
        assertThat(again.soFar()).isEmpty();
        joined.countDown();
        assertThat(again.nextWord()).isEqualTo("event " + ONE);
        assertThat(again.nextWord()).isEqualTo("event " + END);
        assertThat(again.nextWord()).isEqualTo("end");
        slow.join(10_000);
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void refuseAKeyWithAnotherQuestion() {
        dify.next(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        open(question("k", "Hello?"), browser);
        assertThat(open(question("k", "Good-bye?"), again, KeptStreamsTest::never))
                .isEmpty();
        assertThat(again.soFar()).containsExactly("error 422 idempotency_key_reused");
        relays.shutDown();
    }

    @Test
    void keepKeysOfUsersAndAppsApart() {
        dify.always(Script.stream().event(ONE).event(END));
        Relays.Opened ada = open(question("k", "Hello?"), browser);
        Relays.Opened eve = open(new Question("default", "eve", Optional.of("k"), "Hello?"), again);
        Relays.Opened other = open(new Question("other", "ada", Optional.of("k"), "Hello?"), new RecordingOutlet());
        assertThat(List.of(ada.id(), eve.id(), other.id())).doesNotHaveDuplicates();
        relays.shutDown();
    }

    @Test
    void areNotMadeOfWhatWasRefused() {
        RelayError no = RelayError.of(429, "quota_exceeded", "no");
        open(question("k", "Hello?"), browser, () -> new Beginning.Refused(no));
        assertThat(browser.errors()).containsExactly(no);
        assertThat(relays.kept()).isZero();
        assertThatThrownBy(() -> open(question("k", "Hello?"), again, () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(relays.kept()).isZero();
    }

    @Test
    void areForgottenWithTheirKeyWhenDifyRefuses() throws Exception {
        dify.next(Script.json(400, "{\"code\":\"invalid_param\",\"message\":\"no\",\"status\":400}"));
        open(question("k", "Hello?"), browser);
        assertThat(browser.nextWord()).isEqualTo("error 400 invalid_param");
        awaitNothingKept();
        dify.next(Script.stream().event(ONE).event(END));
        assertThat(open(question("k", "Hello?"), again).isNew()).isTrue();
        assertThat(again.nextWord()).isEqualTo("event " + ONE);
    }

    @Test
    void giveUpTheOneThatWasLeftFirstWhenTooManyAreLeft() throws Exception {
        dify.always(Script.stream().event(ONE).event(END));
        List<Relays.Opened> opened = new ArrayList<>();
        for (int i = 0; i <= MOST; i++) {
            RecordingOutlet outlet = new RecordingOutlet();
            opened.add(open(question("k" + i, "Hello?"), outlet));
            assertThat(outlet.nextWord()).isEqualTo("event " + ONE);
            assertThat(outlet.nextWord()).isEqualTo("event " + END);
            assertThat(outlet.nextWord()).isEqualTo("end");
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (relays.kept() > MOST) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        relays.resume(opened.get(0).id(), "default", "ada", browser, 0);
        assertThat(browser.soFar()).containsExactly("error 404 not_found");
        relays.resume(opened.get(1).id(), "default", "ada", again, 1);
        assertThat(again.soFar()).containsExactly("event " + END, "end");
    }

    @Test
    void areNotGivenUpForOthersThatBrowsersCameBackTo() throws Exception {
        dify.always(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        Relays.Opened left = openAndLeave("left");
        for (int i = 0; i <= MOST; i++) {
            RecordingOutlet back = new RecordingOutlet();
            relays.resume(openAndLeave("k" + i).id(), "default", "ada", back, 0);
            assertThat(back.nextWord()).isEqualTo("event " + ONE);
        }
        relays.resume(left.id(), "default", "ada", again, 0);
        assertThat(again.nextWord()).isEqualTo("event " + ONE);
        relays.shutDown();
    }

    private Relays.Opened openAndLeave(String key) throws InterruptedException {
        RecordingOutlet outlet = new RecordingOutlet();
        Relays.Opened opened = open(question(key, "Hello?"), outlet);
        assertThat(outlet.nextWord()).isEqualTo("event " + ONE);
        outlet.leave();
        return opened;
    }

    @Test
    void keepNoContentThatNothingIsComparedWith() {
        assertThat(new Question("default", "ada", Optional.empty(), "long").content())
                .isEqualTo("");
        assertThat(question("k", "long").content()).isEqualTo("long");
    }

    @Test
    void leaveNothingBehind() throws Exception {
        dify.always(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        for (int i = 0; i < MOST; i++) {
            RecordingOutlet outlet = new RecordingOutlet();
            open(question("k" + i, "Hello?"), outlet);
            assertThat(outlet.nextWord()).isEqualTo("event " + ONE);
            outlet.leave();
        }
        assertThat(relays.active()).isEqualTo(MOST);
        assertThat(relays.kept()).isEqualTo(MOST);
        now.addAndGet(config.resumeGrace().toNanos());
        awaitNothingKept();
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void areStoppedWithTheApplicationAlsoWhenNobodyReadsThem() throws Exception {
        dify.next(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        Relays.Opened opened = open(question("k", "Hello?"), browser);
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        browser.leave();
        relays.shutDown();
        assertThat(dify.requests()).anyMatch(request -> request.path().endsWith("/t-1/stop"));
        assertThat(relays.active()).isZero();
        assertThat(relays.kept()).isZero();
        relays.resume(opened.id(), "default", "ada", again, 0);
        assertThat(again.soFar()).containsExactly("error 404 not_found");
        open(question("k", "Hello?"), new RecordingOutlet());
        assertThat(relays.kept()).as("late").isZero();
    }
}
