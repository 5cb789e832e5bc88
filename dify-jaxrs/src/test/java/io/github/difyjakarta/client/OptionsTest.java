package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of single calls, clients that share, and callers that give up. */
class OptionsTest extends ClientTest {
    private static final String ID = "b2c5ce5a-3f11-4a6c-8f0e-1d2d8a1c7e55";
    private static final CallOptions HASTY = CallOptions.NONE.deadline(Duration.ofMillis(300));

    /** One way to wait for Dify, and what Dify leaves one waiting with. */
    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private enum Wait {
        ASK("/chat-messages", true, dify -> dify.chat().ask(QUESTION), dify -> dify.chat()
                .askAsync(QUESTION)),
        ASK_UNSTREAMED("/chat-messages", false, dify -> dify.chat().askUnstreamed(QUESTION), dify -> dify.chat()
                .askUnstreamedAsync(QUESTION)),
        RUN(
                "/workflows/run",
                true,
                dify -> dify.workflows().run(WorkflowRequest.of("ada", Map.of())),
                dify -> dify.workflows().runAsync(WorkflowRequest.of("ada", Map.of()))),
        READ("/parameters", false, dify -> dify.app().parameters(), dify -> dify.app()
                .parametersAsync()),
        UPLOAD(
                "/files/upload",
                false,
                dify -> dify.files().upload("ada", Upload.of("a", new byte[1])),
                dify -> dify.files().uploadAsync("ada", Upload.of("a", new byte[1]))),
        DOWNLOAD("/files/" + ID + "/preview", false, dify -> dify.files().preview(ID), dify -> dify.files()
                .previewAsync(ID, BodySubscribers.ofByteArray()));

        final String path;
        final boolean streams;
        final Consumer<DifyClient> blocking;
        final Function<DifyClient, CompletableFuture<?>> future;

        Wait(
                String path,
                boolean streams,
                Consumer<DifyClient> blocking,
                Function<DifyClient, CompletableFuture<?>> future) {
            this.path = path;
            this.streams = streams;
            this.blocking = blocking;
            this.future = future;
        }

        String method() {
            return this == READ || this == DOWNLOAD ? "GET" : "POST";
        }

        /** Never an end, unless a stop call comes. */
        Script script() {
            return streams
                    ? Script.stream()
                            .event(message("one"))
                            .awaitStop(PATIENCE.multipliedBy(2))
                            .event(messageEnd())
                    : Script.stream().silence();
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void aDeadlineEndsAnyCall(Wait wait) throws Exception {
        dify.nextAt(wait.method(), wait.path, wait.script());
        assertThat(failureOf(wait.future.apply(client().with(HASTY))))
                .isInstanceOfSatisfying(DifyException.class, failure -> assertThat(failure.code())
                        .isIn(DifyConnectionException.TIMEOUT, DifyStreamException.TOTAL_TIMEOUT));
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void anInterruptedCallerLeavesWithItsFlagSet(Wait wait) throws Exception {
        dify.nextAt(wait.method(), wait.path, wait.script());
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        AtomicBoolean flag = new AtomicBoolean();
        DifyClient client = client();
        Thread caller = new Thread(() -> {
            try {
                wait.blocking.accept(client);
                failure.complete(new AssertionError("it returned"));
            } catch (DifyException e) {
                flag.set(Thread.currentThread().isInterrupted());
                failure.complete(e);
            }
        });
        caller.start();
        dify.awaitRequest(request -> request.path().equals(wait.path), PATIENCE);
        caller.interrupt();
        assertThat(failure.get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(DifyException.class, cause -> assertThat(cause.code())
                        .isEqualTo(DifyConnectionException.CANCELLED));
        assertThat(flag).isTrue();
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void cancellingGivesBackConnectionPlaceAndTimers(Wait wait) throws Exception {
        DaemonTimer timer = new DaemonTimer();
        DifyConfig one = config().withLimits(new Limits(1, 1 << 20, 1024, 4096))
                .withConnections(Connections.DEFAULTS.keepingAlive(Duration.ofMillis(10)));
        try (DifyClient client = DifyClient.create(one, timer)) {
            for (int round = 0; round < 3; round++) {
                int before = dify.requests().size();
                dify.nextAt(wait.method(), wait.path, wait.script());
                CompletableFuture<?> call = wait.future.apply(client);
                Eventually.holds("it is asked", PATIENCE, () -> dify.requests().size() > before);
                call.cancel(true);
                dify.awaitOpenConnections(0, PATIENCE);
                assertThat(client.chat().ask(QUESTION).text())
                        .as("the place is free")
                        .isNotEmpty();
            }
            dify.awaitOpenConnections(0, PATIENCE);
            Eventually.holds(
                    "no timer is left", PATIENCE, () -> timer.getQueue().isEmpty());
        } finally {
            timer.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void whoHasNoMoreTimeGivesBackTheConnection(Wait wait) throws Exception {
        dify.nextAt(wait.method(), wait.path, wait.script());
        CompletableFuture<?> call = wait.future.apply(client());
        dify.awaitRequest(request -> request.path().equals(wait.path), PATIENCE);
        assertThat(call.orTimeout(10, TimeUnit.MILLISECONDS)).failsWithin(PATIENCE);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void cancellingBetweenTwoAttemptsLeavesNoTimer() throws Exception {
        DaemonTimer timer = new DaemonTimer();
        DifyConfig slow = config().withRetry(new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .withConnections(Connections.DEFAULTS.keepingAlive(Duration.ofMillis(10)));
        try (DifyClient client = DifyClient.create(slow, timer)) {
            Script limit = Script.json(429, "{\"code\":\"too_many_requests\",\"message\":\"m\",\"status\":429}");
            dify.next(limit);
            dify.nextAt("POST", "/files/upload", limit);
            CompletableFuture<?> answer = client.chat().askAsync(QUESTION);
            CompletableFuture<?> upload = client.files().uploadAsync("ada", Upload.of("a", "b".getBytes(UTF_8)));
            dify.awaitRequest(request -> request.path().equals("/chat-messages"), PATIENCE);
            dify.awaitRequest(request -> request.path().equals("/files/upload"), PATIENCE);
            dify.awaitOpenConnections(0, PATIENCE);
            answer.cancel(true);
            upload.cancel(true);
            Eventually.holds("no timer is left", Duration.ofSeconds(2), () -> timer.getQueue()
                    .isEmpty());
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void aClosedClientLeavesNoTimerInItsSurroundings() {
        DaemonTimer timer = new DaemonTimer();
        DifyClient client = DifyClient.create(config(), timer);
        assertThat(client.chat().ask(QUESTION).text()).isNotEmpty();
        dify.next(Script.stream().event(message("one")).silence());
        client.chat().stream(QUESTION).iterator().next();
        assertThat(timer.getQueue()).isNotEmpty();
        client.close();
        assertThat(timer.getQueue()).isEmpty();
        timer.shutdownNow();
    }

    @Test
    void sendsTheHeadersOfItsOptions() {
        DifyClient traced = client().with(CallOptions.NONE
                .header("X-Tenant", "north")
                .traceId("order-4711_x")
                .traceSessionId("a session"));
        traced.app().parameters();
        dify.nextAt("POST", "/files/upload", Script.json(201, "{\"id\":\"f1\"}"));
        traced.files().upload("ada", Upload.of("a", new byte[1]));
        assertThat(dify.requests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.header("x-tenant")).contains("north");
            assertThat(request.header("x-trace-id")).contains("order-4711_x");
            assertThat(request.header("x-trace-session-id")).contains("a session");
            assertThat(request.header("authorization")).contains("Bearer " + dify.key());
        });
        client().app().parameters();
        assertThat(dify.requests().get(2).header("x-tenant"))
                .as("the client itself")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a/b", "a\r\nX-Evil: 1"})
    void refusesATraceIdThatDifyWouldIgnore(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallOptions.NONE.traceId(id))
                .withMessageContaining("traceId");
    }

    @Test
    void takesATraceIdOfTheGreatestLengthAndNoLonger() {
        assertThat(CallOptions.NONE.traceId("x".repeat(128)).traceId()).isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> CallOptions.NONE.traceId("x".repeat(129)));
        assertThat(CallOptions.NONE.traceSessionId("x".repeat(200)).traceSessionId())
                .isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> CallOptions.NONE.traceSessionId("x".repeat(201)));
        assertThatIllegalArgumentException().isThrownBy(() -> CallOptions.NONE.traceSessionId("  "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "HOST", "content-type", "Content-Length", "a b", "", "X:Y", "X\r\nY"})
    void refusesHeadersThatAreNotTheCallers(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallOptions.NONE.header(name, "secret-value"))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("secret-value"));
        assertThatIllegalArgumentException().isThrownBy(() -> CallOptions.NONE.header("X-A", "a\r\nb"));
    }

    @Test
    void refusesADeadlineOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> CallOptions.NONE.deadline(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> CallOptions.NONE.deadline(Duration.ofMillis(-1)));
    }

    @Test
    void aClientOfOtherOptionsSharesPoolPlacesAndEnd() throws Exception {
        DifyConfig one = config().withLimits(new Limits(1, 1 << 20, 1024, 4096))
                .withTimeouts(
                        TIMEOUTS.toBuilder().acquire(Duration.ofMillis(100)).build());
        DifyClient other = client(one).with(CallOptions.NONE.traceId("t"));
        client().app().parameters();
        other.app().parameters();
        assertThat(dify.requests().stream().map(RecordedRequest::connection).distinct())
                .hasSize(1);
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        CompletableFuture<?> busy = client().chat().askAsync(QUESTION);
        dify.awaitRequest(request -> request.path().equals("/chat-messages"), PATIENCE);
        assertThat(failureOf(other.chat().askAsync(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.BUSY));
        busy.cancel(true);
        other.close();
        assertThatThrownBy(() -> client().app().parameters())
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.CANCELLED));
    }

    @Test
    void aClientForAnotherAppSharesThePoolAndEndsAlone() {
        DifyConfig app = DifyConfig.of(dify.url(), new ApiKey("app-of-another"))
                .withMode(AppMode.CHAT)
                .withTimeouts(TIMEOUTS);
        DifyClient other = client().with(app);
        client().app().parameters();
        dify.nextAt("GET", "/parameters", Script.json(200, "{}"));
        other.app().parameters();
        assertThat(dify.requests().get(1).header("authorization")).contains("Bearer app-of-another");
        assertThat(dify.requests().get(1).connection())
                .isEqualTo(dify.requests().get(0).connection());
        other.close();
        assertThatThrownBy(() -> other.app().parameters()).isInstanceOf(DifyConnectionException.class);
        assertThat(client().app().parameters().json()).isNotNull();
    }

    @Test
    void aClientByAnotherWayHasAPoolOfItsOwnAndEndsWithTheFirst() {
        DifyClient first = DifyClient.create(config());
        DifyClient other = first.with(config().withConnections(Connections.DEFAULTS.withoutHttp2()));
        first.app().parameters();
        other.app().parameters();
        assertThat(dify.requests().stream().map(RecordedRequest::connection).distinct())
                .hasSize(2);
        first.close();
        assertThatThrownBy(() -> other.app().parameters()).isInstanceOf(DifyConnectionException.class);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void keepsNoConnectionWhereItIsToldTo() {
        DifyClient fresh = client(config().withConnections(Connections.DEFAULTS.keepingAlive(Duration.ZERO)));
        for (int i = 0; i < 5; i++) {
            fresh.app().parameters();
        }
        assertThat(dify.requests().stream().map(RecordedRequest::connection).distinct())
                .hasSize(5);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void keepsConnectionsAsLongAsItIsToldTo() {
        try (DifySimulator patient = DifySimulator.builder()
                        .keepAlive(Duration.ofSeconds(30))
                        .start();
                DifyClient client = DifyClient.create(DifyConfig.of(patient.url(), new ApiKey(patient.key()))
                        .withConnections(Connections.DEFAULTS.keepingAlive(Duration.ofSeconds(20))))) {
            client.app().parameters();
            assertThat(patient.openConnections()).isEqualTo(1);
            client.app().parameters();
            assertThat(patient.requests().stream()
                            .map(RecordedRequest::connection)
                            .distinct())
                    .hasSize(1);
        }
    }
}
