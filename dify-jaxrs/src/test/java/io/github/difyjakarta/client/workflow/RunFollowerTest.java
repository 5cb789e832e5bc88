package io.github.difyjakarta.client.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.client.call.Generation;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Session;
import io.github.difyjakarta.client.call.TransportSettings;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.WorkflowStatus;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that loses its connection is found again, and never begun twice. */
class RunFollowerTest {
    private static final String RUN = UUID.randomUUID().toString();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pace EAGER = new Pace(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(300));

    private final DifySimulator dify = DifySimulator.builder().mode("workflow").start();
    private final DaemonTimer timer = new DaemonTimer();
    private final DifyConfig config = DifyConfig.of(dify.url(), new ApiKey(dify.key()))
            .withMode(AppMode.WORKFLOW)
            .withRetry(RetryPolicy.NONE);
    private final HttpTransport transport = new HttpTransport(TransportSettings.of(config.connections()), timer);
    private final Calls calls = new Calls(new Session(config, transport, timer));

    @AfterEach
    void close() {
        calls.session().close();
        transport.close();
        timer.shutdownNow();
        dify.close();
    }

    private CompletableFuture<Answer> run(Calls with) {
        Request request = Request.post("/workflows/run")
                .json(WorkflowRequest.of("ada", Map.of()).toBody("streaming"));
        return new RunFollower(with, new Workflows(with), "ada", EAGER)
                .follow(new Generation(with, "/workflows/tasks/{}/stop").watch(request, "ada"));
    }

    private CompletableFuture<Answer> run() {
        return run(calls);
    }

    private static String event(String name, String data) {
        return "{\"event\":\"" + name + "\",\"workflow_run_id\":\"" + RUN + "\",\"task_id\":\"t-1\",\"data\":" + data
                + "}";
    }

    private static String started() {
        return event("workflow_started", "{\"id\":\"" + RUN + "\",\"workflow_id\":\"w\",\"inputs\":{}}");
    }

    private static String finished(String status) {
        return event(
                "workflow_finished",
                "{\"id\":\"" + RUN + "\",\"status\":\"" + status
                        + "\",\"outputs\":{\"text\":\"done\"},\"error\":\"why\"}");
    }

    private static Script detail(String status) {
        return Script.json(
                200,
                "{\"id\":\"" + RUN + "\",\"workflow_id\":\"w\",\"status\":\"" + status
                        + "\",\"inputs\":\"{}\",\"outputs\":{\"text\":\"stored\"},\"error\":\"why\"}");
    }

    private void cutInTheMiddle() {
        dify.next(Script.stream()
                .event(started())
                .event(event("text_chunk", "{\"text\":\"do\"}"))
                .cut());
    }

    private Answer answerOf(CompletableFuture<Answer> run) throws Exception {
        Answer answer = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(begun()).isOne();
        return answer;
    }

    private long begun() {
        return dify.requests().stream()
                .filter(request -> request.path().equals("/workflows/run"))
                .count();
    }

    private Throwable failureOf(CompletableFuture<Answer> run) throws Exception {
        try {
            return new AssertionError("it succeeded: "
                    + run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).outcome());
        } catch (ExecutionException e) {
            assertThat(begun()).isOne();
            return e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Test
    void goesOnWithTheEventsOfARunThatStillWorks() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        dify.nextAt(
                "GET",
                "/workflow/" + RUN + "/events",
                Script.stream().event(started()).event(finished("succeeded")));
        Answer answer = answerOf(run());
        assertThat(answer.outcome()).isEqualTo(new Outcome.Completed());
        assertThat(answer.outputs().text("text")).isEqualTo("done");
        assertThat(answer.workflowRunId()).contains(RUN);
    }

    @Test
    void losesTheConnectionAgainAndAgain() throws Exception {
        cutInTheMiddle();
        for (int i = 0; i < 3; i++) {
            dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
            dify.nextAt(
                    "GET",
                    "/workflow/" + RUN + "/events",
                    Script.stream().event(started()).reset());
        }
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("succeeded"));
        assertThat(answerOf(run()).outputs().text("text")).isEqualTo("stored");
    }

    @Test
    void takesWhatIsStoredOfARunThatHasEndedMeanwhile() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("partial-succeeded"));
        Answer answer = answerOf(run());
        assertThat(answer.outcome()).isEqualTo(new Outcome.Completed());
        assertThat(answer.run().orElseThrow().status()).isEqualTo(WorkflowStatus.PARTIAL_SUCCEEDED);
    }

    @Test
    void tellsThatTheRunFailedMeanwhile() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("failed"));
        assertThat(failureOf(run())).isInstanceOfSatisfying(DifyApiException.class, refused -> {
            assertThat(refused.code()).isEqualTo("workflow_failed");
            assertThat(refused.difyMessage()).isEqualTo("why");
        });
    }

    @Test
    void tellsThatSomebodyStoppedIt() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("stopped"));
        assertThat(answerOf(run()).outcome()).isEqualTo(new Outcome.Stopped());
    }

    @Test
    void asksForItsDetailUntilTheEndWhereTheServerHasNoEventsOfRuns() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        dify.nextAt(
                "GET",
                "/workflow/" + RUN + "/events",
                Script.html(404, "<html>Not Found</html>").header("X-Version", "1.13.0"));
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("succeeded"));
        assertThat(answerOf(run()).outputs().text("text")).isEqualTo("stored");
    }

    @Test
    void saysWhereARunWaitsForAHuman() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("paused"));
        dify.nextAt(
                "GET",
                "/workflow/" + RUN + "/events",
                Script.stream()
                        .event(started())
                        .event(event(
                                "workflow_paused",
                                "{\"workflow_run_id\":\"" + RUN
                                        + "\",\"status\":\"paused\",\"reasons\":[{\"TYPE\":\"human_input_required\",\"form_id\":\"f\","
                                        + "\"form_token\":\"secret\"}]}")));
        assertThat(answerOf(run()).outcome()).isInstanceOfSatisfying(Outcome.Paused.class, paused -> assertThat(
                        paused.forms().get(0).token())
                .contains("secret"));
    }

    @Test
    void breaksOffWhereTheRunWasNotNamedYet() throws Exception {
        dify.next(Script.stream().ping().cut());
        assertThat(failureOf(run())).isInstanceOf(DifyStreamException.class);
    }

    @Test
    void doesNotLookForARunThatWasRefused() throws Exception {
        dify.next(Script.json(400, "{\"code\":\"invalid_param\",\"message\":\"no\",\"status\":400}"));
        assertThat(failureOf(run())).isInstanceOf(DifyApiException.class);
        assertThat(dify.requests()).hasSize(1);
    }

    @Test
    void givesUpAtItsDeadline() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        dify.nextAt(
                "GET",
                "/workflow/" + RUN + "/events",
                Script.stream().event(started()).silence());
        assertThat(failureOf(run(calls.with(CallOptions.NONE.deadline(Duration.ofMillis(500))))))
                .isInstanceOfSatisfying(DifyException.class, late -> assertThat(late.code())
                        .isIn(DifyStreamException.TOTAL_TIMEOUT, DifyConnectionException.TIMEOUT));
    }

    @Test
    void stopsTheRunWhenItIsGivenUp() throws Exception {
        dify.next(Script.stream().event(started()).silence());
        CompletableFuture<Answer> run = run();
        dify.awaitRequest(request -> request.path().equals("/workflows/run"), PATIENCE);
        assertThat(run.cancel(false)).isTrue();
        dify.awaitRequest(request -> request.path().equals("/workflows/tasks/t-1/stop"), PATIENCE);
    }

    @Test
    void stopsTheRunWhenItIsGivenUpBetweenTwoConnections() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running").headAfter(Duration.ofSeconds(5)));
        CompletableFuture<Answer> run = run();
        dify.awaitRequest(request -> request.path().equals("/workflows/run/" + RUN), PATIENCE);
        assertThat(run.cancel(false)).isTrue();
        dify.awaitRequest(request -> request.path().equals("/workflows/tasks/t-1/stop"), PATIENCE);
    }

    @Test
    void looksAgainWhileDifyIsBeingRestarted() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, Script.html(502, "<h1>502 Bad Gateway</h1>"));
        dify.nextAt("GET", "/workflows/run/" + RUN, Script.stream().reset());
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        dify.nextAt("GET", "/workflow/" + RUN + "/events", Script.html(502, "<h1>502 Bad Gateway</h1>"));
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("succeeded"));
        assertThat(answerOf(run()).outputs().text("text")).isEqualTo("stored");
    }

    @Test
    void waitsWhereADifyThatFailsIsLeftAlone() throws Exception {
        DifyConfig impatient = config.withBreaker(new BreakerPolicy(true, 1, Duration.ofMillis(300)));
        cutInTheMiddle(); // and calls are refused from then on
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("succeeded"));
        Calls refused = new Calls(calls.session().with(impatient, transport));
        assertThat(answerOf(run(refused)).outputs().text("text")).isEqualTo("stored");
        assertThat(dify.requests()).as("one to begin it, one that found it").hasSize(2);
    }

    @Test
    void asksForTheRunWhenTheStreamThatJoinedItFallsQuiet() throws Exception {
        cutInTheMiddle();
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        Script pinged = Script.stream().event(started());
        for (int i = 0; i < 100; i++) {
            pinged = pinged.pause(Duration.ofMillis(50)).ping();
        }
        dify.nextAt("GET", "/workflow/" + RUN + "/events", pinged);
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("succeeded"));
        CompletableFuture<Answer> run = run();
        assertThat(run.get(4, TimeUnit.SECONDS).outputs().text("text")).isEqualTo("stored");
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void aStreamThatJoinsTheRunEndsWithTheTimeOfTheWhole() throws Exception {
        dify.next(
                Script.stream().event(started()).pause(Duration.ofMillis(1200)).cut());
        dify.nextAt("GET", "/workflows/run/" + RUN, detail("running"));
        dify.nextAt(
                "GET",
                "/workflow/" + RUN + "/events",
                Script.stream().event(started()).pause(Duration.ofSeconds(1)).event(finished("succeeded")));
        assertThat(failureOf(run(calls.with(CallOptions.NONE.deadline(Duration.ofMillis(1500))))))
                .isInstanceOfSatisfying(DifyException.class, late -> assertThat(late.code())
                        .isIn(DifyStreamException.TOTAL_TIMEOUT, DifyConnectionException.TIMEOUT));
    }

    @Test
    void stopsTheRunWhoseCallerHasNoMoreTime() throws Exception {
        dify.next(Script.stream().event(started()).silence());
        CompletableFuture<Answer> run = run();
        dify.awaitRequest(request -> request.path().equals("/workflows/run"), PATIENCE);
        assertThat(run.orTimeout(10, TimeUnit.MILLISECONDS)).failsWithin(PATIENCE);
        dify.awaitRequest(request -> request.path().equals("/workflows/tasks/t-1/stop"), PATIENCE);
    }
}
