package io.github.difyjakarta.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendingTest {
    private final FakeTransport browser = new FakeTransport();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> events = new ArrayList<>();
    private final Sending sending = new Sending(browser, soon::add, nanos::get, () -> events.add("broken"));

    private void send(String... frames) {
        for (String frame : frames) {
            sending.add(new Outgoing.Text(frame));
        }
        sending.flush();
    }

    private void runSoon() {
        while (!soon.isEmpty()) {
            soon.remove().run();
        }
    }

    @Test
    void sendsInOrderAndAtOnceToABrowserThatKeepsUp() {
        send("a", "b", "c");
        assertThat(browser.sent()).containsExactly("a", "b", "c");
        assertThat(soon).as("no other thread is needed").isEmpty();
        assertThat(sending.pending()).isZero();
    }

    @Test
    void sendsTheNextFrameOnlyWhenTheBrowserHasTakenTheOneBefore() {
        browser.readNothing();
        send("a", "bb", "ccc");
        assertThat(browser.sent()).containsExactly("a");
        assertThat(sending.pending()).isEqualTo(6);
        browser.readOne();
        assertThat(browser.sent()).as("not by the container's thread").isEmpty();
        runSoon();
        assertThat(browser.sent()).containsExactly("bb");
        assertThat(sending.pending()).isEqualTo(5);
    }

    @Test
    void tenThousandFramesDoNotMakeADeepStack() {
        for (int i = 0; i < 10_000; i++) {
            sending.add(new Outgoing.Text("x"));
        }
        sending.flush();
        assertThat(browser.sent()).hasSize(10_000);
    }

    @Test
    void piecesOfAnAnswerThatWaitBecomeOneFrame() {
        browser.readNothing();
        for (String piece : List.of("one", " two", " three")) {
            sending.add(new Outgoing.Chunk(piece));
            sending.flush();
        }
        browser.readOne();
        runSoon();
        assertThat(browser.sent())
                .containsExactly(
                        "{\"type\":\"chunk\",\"content\":\"one\"}", "{\"type\":\"chunk\",\"content\":\" two three\"}");
        browser.readOne();
        runSoon();
        assertThat(sending.pending()).isZero();
    }

    @Test
    void frameOfJoinedPiecesStayShort() {
        browser.readNothing();
        sending.add(new Outgoing.Text("first"));
        sending.flush();
        sending.add(new Outgoing.Chunk("x".repeat(8 * 1024 - 1)));
        sending.add(new Outgoing.Chunk("y"));
        assertThat(sending.waiting()).isEqualTo(1);
        sending.add(new Outgoing.Chunk("z"));
        assertThat(sending.waiting()).isEqualTo(2);
    }

    @Test
    void piecesAreNotJoinedAcrossAnotherFrame() {
        browser.readNothing();
        sending.add(new Outgoing.Text("first"));
        sending.flush();
        sending.add(new Outgoing.Chunk("a"));
        sending.add(new Outgoing.Text("replace"));
        sending.add(new Outgoing.Chunk("b"));
        assertThat(sending.waiting()).isEqualTo(3);
    }

    @Test
    void tellsForHowLongTheBrowserHasTakenNothing() {
        nanos.set(Duration.ofSeconds(100).toNanos());
        assertThat(sending.stalledFor()).isZero();
        browser.readNothing();
        send("a", "b");
        assertThat(sending.stalledFor()).as("it has waited from now on").isZero();
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(sending.stalledFor()).isEqualTo(Duration.ofSeconds(20));
        browser.readOne();
        runSoon();
        assertThat(sending.stalledFor()).as("it takes something").isZero();
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        browser.readOne();
        runSoon();
        assertThat(sending.stalledFor()).as("nothing waits").isZero();
    }

    @Test
    void callsBackOnceThereIsRoomAgainAndOnNobodysThread() {
        browser.readNothing();
        send("x".repeat(20_000), "x".repeat(20_000), "x".repeat(20_000));
        sending.onDrained(() -> events.add("drained"));
        browser.readOne();
        runSoon();
        assertThat(events).isEmpty();
        browser.readOne();
        assertThat(events).isEmpty();
        runSoon();
        assertThat(events).containsExactly("drained");
        browser.readOne();
        runSoon();
        assertThat(events).containsExactly("drained");
    }

    @Test
    void callsBackAtOnceWhereThereIsRoomAlready() {
        sending.onDrained(() -> events.add("drained"));
        runSoon();
        assertThat(events).containsExactly("drained");
    }

    @Test
    void closesWhenAllHasGoneOutAndSendsNothingAfterIt() {
        browser.readNothing();
        send("last words");
        sending.add(new Outgoing.Close(1001, "shutting_down"));
        send("too late");
        assertThat(browser.sent()).containsExactly("last words");
        browser.readOne();
        runSoon();
        assertThat(browser.sent()).containsExactly("close 1001 shutting_down");
    }

    @Test
    void anAbortDropsWhatWaits() {
        browser.readNothing();
        send("a", "b");
        browser.sent();
        sending.abort(1013, "slow_reader");
        runSoon();
        send("c");
        assertThat(browser.sent()).containsExactly("close 1013 slow_reader", "terminate");
        assertThat(sending.pending()).isZero();
    }

    @Test
    void aFrameThatIsLostShowsThatTheBrowserIsGone() {
        browser.readNothing();
        send("a", "b");
        browser.sent();
        browser.loseOne();
        runSoon();
        assertThat(events).containsExactly("broken");
        assertThat(browser.sent()).doesNotContain("b").contains("terminate");
    }

    @Test
    void aSocketThatIsClosedAlreadyShowsIt() {
        browser.breakDown();
        send("a", "b");
        runSoon();
        assertThat(events).containsExactly("broken");
        assertThat(sending.pending()).isZero();
    }

    @Test
    void pingsOnlyIntoASilence() {
        sending.ping();
        runSoon();
        assertThat(browser.sent()).containsExactly("ping");
        browser.readNothing();
        send("a");
        browser.sent();
        sending.ping();
        runSoon();
        assertThat(browser.sent()).isEmpty();
    }

    @Test
    void tellsForHowLongItHasBeenQuiet() {
        send("a");
        nanos.addAndGet(Duration.ofSeconds(7).toNanos());
        assertThat(sending.quietFor()).isEqualTo(Duration.ofSeconds(7));
        sending.ping();
        runSoon();
        assertThat(sending.quietFor()).isZero();
        browser.readNothing();
        send("b");
        nanos.addAndGet(Duration.ofSeconds(7).toNanos());
        assertThat(sending.quietFor()).as("something waits").isZero();
    }
}
