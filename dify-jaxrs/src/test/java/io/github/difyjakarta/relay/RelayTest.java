package io.github.difyjakarta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Charge;
import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream of a scripted Dify to a browser that the test plays. */
class RelayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ONE = "{\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"one\"}";
    private static final String TWO = "{\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"two\"}";
    private static final String END = "{\"event\":\"message_end\",\"task_id\":\"t-1\",\"metadata\":{}}";
    private static final String ERROR =
            "{\"event\":\"error\",\"code\":\"completion_request_error\",\"status\":400,\"message\":\"no\"}";

    private final ScriptedDify scripted = new ScriptedDify();
    private final DifySimulator dify = scripted.dify();
    private final DifyClient client = scripted.client();
    private final RelayConfig config = ScriptedDify.quick(10);
    private final Relays relays = new Relays(config, scripted.timer());
    private final RecordingOutlet browser = new RecordingOutlet();

    @AfterEach
    void close() {
        scripted.close();
    }

    private void awaitNoneActive() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (relays.active() > 0) {
            assertThat(System.nanoTime()).as("a stream is still active").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private DifyStream relay(Script script) {
        dify.next(script);
        DifyStream stream = client.chat().stream(ChatRequest.of("ada", "Hello?"));
        relays.relay(new Beginning.Run(stream, TokenMeter.FREE, EventPolicy.ALL), browser, "ada");
        return stream;
    }

    @Test
    void passesEventsOnAsTheyAreAndEnds() throws Exception {
        relay(Script.stream().event(ONE).event(TWO).event(END));
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + TWO);
        assertThat(browser.nextWord()).isEqualTo("event " + END);
        assertThat(browser.nextWord()).isEqualTo("end");
        awaitNoneActive();
    }

    @Test
    void whatAnswersShowBelongsToWhoSawIt() throws Exception {
        String message =
                "{\"event\":\"message\",\"conversation_id\":\"c-1\",\"message_id\":\"m-1\",\"task_id\":\"t-1\",\"answer\":\"\"}";
        String asked = "{\"event\":\"human_input_required\",\"workflow_run_id\":\"r-1\",\"task_id\":\"t-1\","
                + "\"data\":{\"form_id\":\"f-1\",\"form_token\":\"secret\",\"form_content\":\"\"}}";
        relay(Script.stream().event(message).event(asked).event(END));
        assertThat(browser.nextWord()).isEqualTo("event " + message);
        assertThat(browser.nextWord()).isEqualTo("event " + asked);
        Ownership ownership = relays.ownership();
        assertThat(ownership.isOwner("ada", Ownership.Kind.MESSAGE, "m-1")).isTrue();
        assertThat(ownership.isOwner("ada", Ownership.Kind.FORM, "secret")).isTrue();
        assertThat(ownership.isOwner("bob", Ownership.Kind.FORM, "secret")).isFalse();
        assertThat(ownership.isOwner("ada", Ownership.Kind.FILE, "m-1")).isFalse();
    }

    @Test
    void sendsInOneGoWhatCameTogether() throws Exception {
        relay(Script.stream().raw("data: " + ONE + "\n\ndata: " + TWO + "\n\n").awaitStop(PATIENCE));
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + TWO);
        browser.awaitFlush(PATIENCE);
        assertThat(browser.flushes()).isEqualTo(1);
        browser.leave();
    }

    @Test
    void endsInGoodOrderAfterDifysOwnErrorThatCameTogetherWithEvents() throws Exception {
        relay(Script.stream()
                .raw("data: " + ONE + "\n\ndata: " + ERROR + "\n\n")
                .end());
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + ERROR);
        assertThat(browser.nextWord()).isEqualTo("end");
    }

    @Test
    void keepsBackWhatThePolicyDoesNotNameAndPassesTheRestInOrder() throws Exception {
        String node = "{\"event\":\"node_started\",\"task_id\":\"t-1\",\"data\":{\"title\":\"secret\"}}";
        dify.next(Script.stream()
                .event(node)
                .event(ONE)
                .events(500, Duration.ZERO, i -> node)
                .event(TWO)
                .event(END));
        DifyStream stream = client.chat().stream(ChatRequest.of("ada", "Hello?"));

        relays.relay(new Beginning.Run(stream, TokenMeter.FREE, EventPolicy.DEFAULT), browser, "ada");

        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + TWO);
        assertThat(browser.nextWord()).isEqualTo("event " + END);
        assertThat(browser.nextWord()).isEqualTo("end");
    }

    @Test
    void aHiddenEventIsSilenceForTheBrowserWhichIsKeptAlive() throws Exception {
        String node = "{\"event\":\"node_started\",\"task_id\":\"t-1\"}";
        dify.next(Script.stream().event(ONE).events(1_000, Duration.ofMillis(20), i -> node));
        DifyStream stream = client.chat().stream(ChatRequest.of("ada", "Hello?"));

        relays.relay(new Beginning.Run(stream, TokenMeter.FREE, EventPolicy.DEFAULT), browser, "ada");

        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.next()).isEqualTo("keep-alive");
        browser.leave();
    }

    @Test
    void anErrorBehindHiddenEventsIsStillARefusal() throws Exception {
        String node = "{\"event\":\"node_started\",\"task_id\":\"t-1\"}";
        dify.next(Script.stream().event(node).event(ERROR));
        DifyStream stream = client.chat().stream(ChatRequest.of("ada", "Hello?"));

        relays.relay(new Beginning.Run(stream, TokenMeter.FREE, EventPolicy.DEFAULT), browser, "ada");

        assertThat(browser.nextWord()).isEqualTo("error 400 completion_request_error");
    }

    @Test
    void passesAnEventOnWhoseTailIsRubbishAlsoWhereTokensAreCounted() throws Exception {
        String rubbish = "{\"event\":\"message\",\"message_id\":\"m-1\",\"task_id\":\"t-1\",\"answer\":rubbish";
        dify.next(Script.stream().event(ONE).event(rubbish).event(END));
        DifyStream stream = client.chat().stream(ChatRequest.of("ada", "Hello?"));
        try (Quotas quotas = Quotas.inMemory(QuotaConfig.DEFAULTS
                .withUser(Limits.NONE.withTokensPerDay(1000))
                .withGlobal(Limits.NONE))) {
            QuotaCaller ada = quotas.caller("ada", role -> false);
            Admission admission = (Admission) quotas.admit(ada, Optional.empty(), Cost.REQUEST);
            TokenMeter meter = TokenMeter.of((Charge) admission.reserveTokens(0), Runnable::run);

            relays.relay(new Beginning.Run(stream, meter, EventPolicy.ALL), browser, "ada");

            assertThat(browser.nextWord()).isEqualTo("event " + ONE);
            assertThat(browser.nextWord()).isEqualTo("event " + rubbish);
            assertThat(browser.nextWord()).isEqualTo("event " + END);
            assertThat(browser.nextWord()).isEqualTo("end");
            awaitNoneActive();
        }
    }

    @Test
    void saysSoWhenAnErrorThatIsTheFirstEventCannotBeRead() throws Exception {
        relay(Script.stream()
                .event("{\"event\":\"error\",\"message_id\":\"m-1\",\"task_id\":\"t-1\",\"code\":rubbish")
                .awaitStop(PATIENCE));
        assertThat(browser.nextWord()).isEqualTo("error 502 upstream_error");
        awaitNoneActive();
    }

    @Test
    void tellsTheBrowserOfWhateverGoesWrongHere() {
        FakeRun run = new FakeRun();
        Relay relay = new Relay(
                run,
                Relay.Terms.plain("ada", EventPolicy.ALL),
                config,
                TokenMeter.FREE,
                new Claims(new Ownership(), "ada"),
                new ListenerThatThrows(),
                System::nanoTime);
        relay.start(browser);
        assertThatThrownBy(() -> run.say(1)).hasMessage("on purpose");
        assertThat(browser.soFar()).containsExactly("error 500 internal_server_error");
        assertThat(run.isClosed()).as("Dify was asked to stop").isTrue();
    }

    private static final class ListenerThatThrows implements Relay.Listener {
        @Override
        public void onTask(Relay relay, String taskId) {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void onUnread(Relay relay) {}

        @Override
        public void onEnd(Relay relay) {}
    }

    @Test
    void turnsARefusalIntoAnErrorBeforeAnyEvent() throws Exception {
        relay(Script.json(404, "{\"code\":\"not_found\",\"message\":\"Conversation Not Exists.\",\"status\":404}"));
        assertThat(browser.nextWord()).isEqualTo("error 404 not_found");
        awaitNoneActive();
    }

    @Test
    void turnsAnErrorThatIsTheFirstEventIntoARefusal() throws Exception {
        relay(Script.stream().event(ERROR));
        assertThat(browser.nextWord()).isEqualTo("error 400 completion_request_error");
        assertThat(browser.soFar()).doesNotContain("end");
    }

    @Test
    void passesDifysOwnErrorOnOnce() throws Exception {
        relay(Script.stream().event(ONE).event(ERROR).event(TWO));
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + ERROR);
        assertThat(browser.nextWord()).isEqualTo("end");
    }

    @Test
    void neverEndsASilentCutWithoutAWord() throws Exception {
        relay(Script.stream().event(ONE).cut());
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("error 502 upstream_closed");
        assertThat(browser.errors().get(0).retryable()).isTrue();
    }

    @Test
    void saysThatAStreamWithoutATerminalEventIsTruncated() throws Exception {
        relay(Script.stream().event(ONE).end());
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("error 502 truncated");
    }

    @Test
    void stopsTheRunForItsUserWhenTheBrowserLeaves() throws Exception {
        DifyStream stream = relay(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        browser.leave();
        assertThat(dify.awaitRequest(r -> r.path().endsWith("/t-1/stop"), PATIENCE)
                        .body())
                .isEqualTo("{\"user\":\"ada\"}");
        stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(browser.soFar()).doesNotContain("event " + END, "end");
        awaitNoneActive();
    }

    @Test
    void callsNoStopWhenTheBrowserLeavesAfterTheEnd() throws Exception {
        DifyStream stream = relay(Script.stream().event(ONE).event(END).silence());
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + END);
        browser.leave();
        stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(dify.requests()).noneMatch(request -> request.path().endsWith("/stop"));
    }

    @Test
    void speaksIntoASilence() throws Exception {
        relay(Script.stream().event(ONE).silence());
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.next()).isEqualTo("keep-alive");
        assertThat(browser.next()).isEqualTo("keep-alive");
    }

    @Test
    void speaksBeforeTheFirstEventToo() throws Exception {
        relay(Script.stream().headAfter(Duration.ofSeconds(5)).event(END));
        assertThat(browser.next()).isEqualTo("keep-alive");
    }

    @Test
    void handsOnNoMoreThanTheBrowserHasRoomFor() throws Exception {
        browser.fill(1024 * 1024);
        relay(Script.stream().event(ONE).event(TWO).event(END));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!browser.waitsForRoom()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        assertThat(browser.soFar()).doesNotContain("event " + ONE);
        browser.drain();
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        assertThat(browser.nextWord()).isEqualTo("event " + TWO);
    }

    @Test
    void endsTheStreamOfABrowserThatTakesNothing() throws Exception {
        relay(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        browser.stall(config.writeTimeout());
        assertThat(browser.nextWord()).isEqualTo("abort");
        dify.awaitRequest(r -> r.path().endsWith("/t-1/stop"), PATIENCE);
        awaitNoneActive();
    }

    @Test
    void tellsBrowsersAndStopsRunsWhenTheApplicationGoesDown() throws Exception {
        relay(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        assertThat(browser.nextWord()).isEqualTo("event " + ONE);
        relays.shutDown();
        assertThat(browser.nextWord()).isEqualTo("error 503 shutting_down");
        assertThat(browser.errors()).hasSize(1);
        assertThat(dify.requests()).anyMatch(request -> request.path().endsWith("/t-1/stop"));
        RecordingOutlet late = new RecordingOutlet();
        relays.relay(
                new Beginning.Run(
                        client.chat().stream(ChatRequest.of("ada", "Hello?")), TokenMeter.FREE, EventPolicy.ALL),
                late,
                "ada");
        assertThat(late.nextWord()).isEqualTo("error 503 shutting_down");
    }

    @Test
    void knowsARunOfItsUserAndOfNobodyElse() throws Exception {
        relay(Script.stream().event(ONE).awaitStop(PATIENCE).event(END));
        browser.nextWord();
        assertThat(relays.isRunning("t-1", "ada")).isTrue();
        assertThat(relays.isRunning("t-1", "eve")).isFalse();
        assertThat(relays.isRunning("t-2", "ada")).isFalse();
        browser.leave();
        assertThat(relays.isRunning("t-1", "ada")).isFalse();
    }
}
