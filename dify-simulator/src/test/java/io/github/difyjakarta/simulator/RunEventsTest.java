package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.simulator.StreamRecord.End;
import io.github.difyjakarta.simulator.Wire.Response;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunEventsTest {

    private static final String PING = "event: ping\n\n";

    @Test
    void showsAFinishedRunInOneOldFashionedFrame() throws Exception {
        try (DifySimulator dify = simulator("advanced-chat").start()) {
            Response chat = Wire.post(dify, "/chat-messages", Wire.question("Grüße?", "streaming"));
            String run = Shape.text(chat.events().get(0), "workflow_run_id");
            Response events = Recorded.again(dify, "chatflow-events-finished", run);
            Recorded.assertSameStream("chatflow-events-finished", events);
            assertThat(events.body()).contains("\"task_id\": \"" + run + "\"", "Gr\\u00fc\\u00dfe");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workflow,workflow-events-live-plain",
                "workflow,workflow-events-live-snapshot",
                "advanced-chat,chatflow-events-live-snapshot"
            })
    void showsWhatIsStillToComeOfALiveRun(String modeAndName) throws Exception {
        String mode = modeAndName.substring(0, modeAndName.indexOf(','));
        String name = modeAndName.substring(mode.length() + 1);
        try (DifySimulator dify = simulator(mode).typing(Duration.ofMillis(40)).start()) {
            String run = beginAndLeave(dify, mode);
            Response events = Recorded.again(dify, name, run);
            Recorded.assertSameStream(name, events);
        }
    }

    @Test
    void saysNothingToAnotherUser() throws Exception {
        try (DifySimulator dify =
                simulator("workflow").typing(Duration.ofMillis(40)).start()) {
            String run = beginAndLeave(dify, "workflow");
            Recorded.assertSame("workflow-events-other-user", Recorded.again(dify, "workflow-events-other-user", run));
        }
    }

    @Test
    void servesSeveralWhoWatch() throws Exception {
        try (DifySimulator dify =
                        simulator("workflow").typing(Duration.ofMillis(40)).start();
                Wire staying = new Wire(dify.url())) {
            String run = beginAndLeave(dify, "workflow");
            watch(staying, run, "");
            watchAndLeave(dify, run);
            assertThat(dify.streams().get(2).ended().toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isEqualTo(End.CLIENT_CLOSED);
            assertThat(toTheEnd(staying)).contains("workflow_finished");
        }
    }

    @Test
    void letsWhoeverLeavesTakeTheOthersAlongIfAsked() throws Exception {
        try (DifySimulator dify = simulator("workflow")
                        .typing(Duration.ofMillis(40))
                        .pingInterval(Duration.ofMillis(300))
                        .subscribersCollide()
                        .start();
                Wire plain = new Wire(dify.url());
                Wire snapshot = new Wire(dify.url())) {
            String run = beginAndLeave(dify, "workflow");
            watch(plain, run, "");
            watch(snapshot, run, "&include_state_snapshot=true");
            watchAndLeave(dify, run);
            assertThatThrownBy(() -> toTheEnd(plain)).isInstanceOf(EOFException.class);
            Wire.until(dify, "/workflows/run/" + run, "succeeded");
            String chunk = snapshot.chunk();
            while (!chunk.equals(PING)) {
                chunk = snapshot.chunk();
            }
            assertThat(snapshot.chunk()).isEqualTo(PING);
            assertThat(snapshot.chunk()).isEqualTo(PING);
        }
    }

    @Test
    void doesNotEndForThoseWhoGoOnOverPausesWithoutAPast() throws Exception {
        try (DifySimulator dify = simulator("workflow")
                        .typing(Duration.ofMillis(20))
                        .pingInterval(Duration.ofMillis(50))
                        .start();
                Wire wire = new Wire(dify.url())) {
            String run = beginAndLeave(dify, "workflow");
            watch(wire, run, "&continue_on_pause=true");
            String chunk = wire.chunk();
            while (!chunk.contains("workflow_finished")) {
                chunk = wire.chunk();
            }
            assertThat(wire.chunk()).isEqualTo(PING);
        }
    }

    private static DifySimulatorBuilder simulator(String mode) {
        return DifySimulator.builder().key("app-REDACTED").mode(mode);
    }

    /** The run, once its text has begun. */
    private static String beginAndLeave(DifySimulator dify, String mode) throws IOException {
        boolean workflow = mode.equals("workflow");
        String body = workflow
                ? "{\"inputs\":{\"q\":\"Hello?\"},\"response_mode\":\"streaming\",\"user\":\"u1\"}"
                : Wire.question("Hello?", "streaming");
        try (Wire wire = new Wire(dify.url())) {
            wire.send(Wire.request(dify, "POST", workflow ? "/workflows/run" : "/chat-messages", body));
            wire.head();
            wire.chunk();
            String started = wire.chunk();
            String chunk = started;
            while (!chunk.contains("from_variable_selector")) {
                chunk = wire.chunk();
            }
            return Shape.text(started.substring("data: ".length()), "workflow_run_id");
        }
    }

    private static void watch(Wire wire, String run, String options) throws IOException {
        wire.send("GET /v1/workflow/" + run + "/events?user=u1" + options
                + " HTTP/1.1\r\nAuthorization: Bearer app-REDACTED\r\n\r\n");
        assertThat(wire.head()).contains("HTTP/1.1 200 OK");
        assertThat(wire.chunk()).isEqualTo(PING);
    }

    private static void watchAndLeave(DifySimulator dify, String run) throws IOException {
        try (Wire wire = new Wire(dify.url())) {
            watch(wire, run, "");
        }
    }

    private static String toTheEnd(Wire wire) throws IOException {
        String last = "";
        for (String chunk = wire.chunk(); !chunk.isEmpty(); chunk = wire.chunk()) {
            last = chunk;
        }
        return last;
    }
}
