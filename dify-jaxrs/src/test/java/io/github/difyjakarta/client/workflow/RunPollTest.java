package io.github.difyjakarta.client.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.client.call.Session;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.event.WorkflowStatus;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.json.DifyJson;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunPollTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DaemonTimer timer = new DaemonTimer();
    private final HttpTransport transport = new HttpTransport(HttpTransport.Settings.DEFAULTS, timer);
    private final Calls calls = new Calls(
            new Session(DifyConfig.of(URI.create("http://127.0.0.1:1/v1"), new ApiKey("app-x")), transport, timer));
    private final Queue<CompletableFuture<RunDetail>> answers = new ArrayDeque<>();

    @AfterEach
    void close() {
        transport.close();
        timer.shutdownNow();
    }

    private static CompletableFuture<RunDetail> run(String status) {
        return CompletableFuture.completedFuture(new RunDetail(DifyJson.of(Map.of("status", status))));
    }

    private static CompletableFuture<RunDetail> refused(int status) {
        return CompletableFuture.failedFuture(
                new DifyApiException(status, "not_found", "Workflow run not found", DifyApiException.Reply.NONE));
    }

    private CompletableFuture<RunDetail> poll(Duration deadline) {
        return new RunPoll(calls, answers::remove, deadline, Duration.ofMillis(1)).start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"succeeded", "failed", "stopped", "partial-succeeded", "paused"})
    void endsAtEveryStateThatDoesNotChangeByItself(String status) {
        answers.addAll(List.of(run("scheduled"), run("running"), run("a new state"), run(status)));
        assertThat(poll(PATIENCE)).succeedsWithin(PATIENCE).satisfies(detail -> assertThat(detail.status())
                .isEqualTo(new WorkflowStatus(status)));
        assertThat(answers).isEmpty();
    }

    @Test
    void bearsWithARunThatIsNotWrittenDownYet() {
        answers.addAll(List.of(refused(404), refused(404), run("succeeded")));
        assertThat(poll(PATIENCE)).succeedsWithin(PATIENCE);
    }

    @Test
    void passesOnWhyItCannotKnow() {
        answers.add(refused(403));
        assertThat(poll(PATIENCE))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withRootCauseInstanceOf(DifyApiException.class);
    }

    @Test
    void givesUpAtItsDeadline() {
        answers.addAll(List.of(run("running"), run("running"), run("running"), run("running")));
        assertThat(poll(Duration.ofMillis(5)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOfSatisfying(DifyConnectionException.class, late -> assertThat(late.code())
                        .isEqualTo(DifyConnectionException.TIMEOUT));
    }

    @Test
    void asksNoMoreOnceItIsCancelled() {
        CompletableFuture<RunDetail> first = new CompletableFuture<>();
        answers.add(first);
        CompletableFuture<RunDetail> poll = poll(PATIENCE);
        assertThat(poll.cancel(false)).isTrue();
        assertThat(first).isCancelled();
    }
}
