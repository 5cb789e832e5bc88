package io.github.difyjakarta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyStreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream whose browsers leave and come back, while a test holds the clock. */
class ResumeTest {
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final String END = "{\"event\":\"message_end\",\"task_id\":\"t-1\",\"metadata\":{}}";
    private static final String REFUSAL =
            "{\"event\":\"error\",\"code\":\"invalid_param\",\"status\":400,\"message\":\"no\"}";

    private final FakeRun run = new FakeRun();
    private final List<String> heard = new ArrayList<>();
    private final RecordingOutlet browser = new RecordingOutlet();
    private final RecordingOutlet again = new RecordingOutlet();
    private long now;

    private final Relay.Listener listener = new Relay.Listener() {
        @Override
        public void onTask(Relay relay, String taskId) {
            heard.add("task " + taskId);
        }

        @Override
        public void onUnread(Relay relay) {
            heard.add("unread");
        }

        @Override
        public void onEnd(Relay relay) {
            heard.add("end");
        }
    };

    private Relay relay(long replayBytes, Duration grace) {
        Relay.Terms terms = new Relay.Terms("id", "ada", replayBytes, grace, EventPolicy.ALL);
        Relay relay = new Relay(
                run,
                terms,
                RelayConfig.DEFAULTS,
                TokenMeter.FREE,
                new Claims(new Ownership(), "ada"),
                listener,
                () -> now);
        relay.start(browser);
        return relay;
    }

    private Relay relay() {
        return relay(1024 * 1024, GRACE);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static String event(int number) {
        return "event {\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"" + number + "\"}";
    }

    @Test
    void goesOnBehindTheLastEventThatTheBrowserHas() {
        Relay relay = relay();
        run.say(1);
        run.say(2);
        run.say(3);
        browser.leave();
        relay.attach(again, 1);
        run.say(4);
        run.say(END);
        run.end();
        assertThat(again.soFar()).containsExactly(event(2), event(3), event(4), "event " + END, "end");
        assertThat(run.isClosed()).isFalse();
    }

    @Test
    void asksForNothingWhileNobodyReads() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        run.say(2); // was asked for before
        run.say(3);
        run.say(4);
        assertThat(run.waiting()).isEqualTo(2);
        relay.attach(again, 1);
        assertThat(run.waiting()).isZero();
        assertThat(again.soFar()).containsExactly(event(2), event(3), event(4));
    }

    @Test
    void stopsTheRunWhenTheGraceIsOver() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        pass(GRACE.minus(MOMENT));
        relay.tick();
        assertThat(run.isClosed()).isFalse();
        assertThat(heard).containsExactly("task t-1", "unread");
        pass(MOMENT);
        relay.tick();
        assertThat(run.isClosed()).isTrue();
        assertThat(heard).containsExactly("task t-1", "unread", "end");
        relay.attach(again, 1);
        assertThat(again.soFar()).containsExactly("error 404 not_found");
    }

    @Test
    void beginsTheGraceAnewWhenABrowserHasBeenBack() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        pass(GRACE.minus(MOMENT));
        relay.attach(again, 1);
        pass(GRACE);
        relay.tick();
        assertThat(run.isClosed()).isFalse();
        again.leave();
        pass(GRACE.minus(MOMENT));
        relay.tick();
        assertThat(run.isClosed()).isFalse();
        pass(MOMENT);
        relay.tick();
        assertThat(run.isClosed()).isTrue();
    }

    @Test
    void keepsAFinishedStreamForTheGrace() {
        Relay relay = relay();
        run.say(1);
        run.say(END);
        run.end();
        assertThat(heard).containsExactly("task t-1", "unread");
        pass(GRACE.minus(MOMENT));
        relay.tick();
        relay.attach(again, 0);
        assertThat(again.soFar()).containsExactly(event(1), "event " + END, "end");
        pass(GRACE);
        relay.tick();
        assertThat(run.isClosed()).as("nothing to be stopped").isFalse();
        assertThat(heard).endsWith("end");
    }

    @Test
    void stopsAtOnceTheRunOfABrowserThatDoesNotComeBack() {
        relay(0, Duration.ZERO);
        run.say(1);
        browser.leave();
        assertThat(run.isClosed()).isTrue();
        assertThat(heard).containsExactly("task t-1", "end");
    }

    @Test
    void doesNotEndWhatHasNotBegun() {
        Relay relay = new Relay(
                run,
                Relay.Terms.plain("ada", EventPolicy.ALL),
                RelayConfig.DEFAULTS,
                TokenMeter.FREE,
                new Claims(new Ownership(), "ada"),
                listener,
                () -> now);
        relay.tick(); // the clock may be faster than who starts it
        relay.start(browser);
        run.say(1);
        assertThat(browser.soFar()).containsExactly(event(1));
    }

    @Test
    void handsTheStreamToTheNewcomerAndTellsTheOther() {
        Relay relay = relay();
        run.say(1);
        relay.attach(again, 1);
        run.say(2);
        assertThat(browser.soFar()).containsExactly(event(1), "error 409 taken_over");
        assertThat(again.soFar()).containsExactly(event(2));
        browser.leave();
        assertThat(heard).as("nobody has left").containsExactly("task t-1");
        run.say(3);
        assertThat(again.soFar()).containsExactly(event(2), event(3));
    }

    @Test
    void refusesWhoMissedWhatIsNotKeptAndLeavesTheOtherInPeace() {
        Relay relay = relay(100, GRACE);
        for (int number = 1; number <= 9; number++) {
            run.say(number);
        }
        relay.attach(again, 2);
        assertThat(again.soFar()).containsExactly("error 410 stream_gone");
        RecordingOutlet prophet = new RecordingOutlet();
        relay.attach(prophet, 12);
        assertThat(prophet.soFar()).containsExactly("error 400 invalid_param");
        run.say(END);
        assertThat(browser.soFar()).contains("event " + END);
    }

    @Test
    void handsOnAReplayByTheRoomThatTheBrowserHas() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        again.fill(Delivery.ROOM_BYTES + 1);
        relay.attach(again, 0);
        run.say(2);
        run.say(3);
        assertThat(again.soFar()).isEmpty();
        again.drain();
        assertThat(again.soFar()).containsExactly(event(1), event(2), event(3));
    }

    @Test
    void cutsOffAStuckBrowserAndWaitsForItToComeBack() {
        Relay relay = relay();
        run.say(1);
        browser.stall(RelayConfig.DEFAULTS.writeTimeout());
        relay.tick();
        assertThat(browser.soFar()).containsExactly(event(1), "abort");
        assertThat(run.isClosed()).isFalse();
        relay.attach(again, 0);
        assertThat(again.soFar()).containsExactly(event(1));
    }

    @Test
    void speaksIntoTheSilenceOfAResumedStream() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        relay.attach(again, 1);
        pass(RelayConfig.DEFAULTS.heartbeat());
        relay.tick();
        assertThat(again.soFar()).containsExactly("keep-alive");
    }

    @Test
    void keepsNoRunThatWasRefused() {
        Relay relay = relay();
        run.say(REFUSAL);
        assertThat(browser.soFar()).containsExactly("error 400 invalid_param");
        assertThat(heard).containsExactly("end");
        relay.attach(again, 0);
        assertThat(again.soFar()).as("who waited with it").containsExactly("error 400 invalid_param");
    }

    @Test
    void keepsARunThatMayHaveBegunAndFailed() {
        Relay relay = relay();
        run.fail(DifyConnectionException.broken(new java.io.IOException("cut"), true));
        relay.attach(again, 0);
        assertThat(again.soFar()).isEqualTo(browser.soFar()).hasSize(1);
        assertThat(heard).doesNotContain("end");
    }

    @Test
    void tellsAgainHowAStreamBroke() {
        Relay relay = relay();
        run.say(1);
        run.fail(new DifyStreamException(DifyStreamException.CLOSED, "cut"));
        assertThat(browser.soFar()).containsExactly(event(1), "error 502 upstream_closed");
        relay.attach(again, 1);
        assertThat(again.soFar()).containsExactly("error 502 upstream_closed");
    }

    @Test
    void stopsWhatNobodyReadsWhenTheApplicationGoesDown() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        relay.shutDown();
        assertThat(run.isClosed()).isTrue();
        relay.attach(again, 1);
        assertThat(again.soFar()).containsExactly("error 503 shutting_down");
    }

    @Test
    void readsWhatARunHasCostWhenNobodyCameBackForItsEnd() {
        Relay relay = relay();
        run.say(1);
        browser.leave();
        run.say(2);
        run.say(END);
        run.end();
        assertThat(run.waiting()).isPositive();
        pass(GRACE);
        relay.tick();
        assertThat(run.waiting()).isZero();
        assertThat(run.isClosed()).isFalse();
    }
}
