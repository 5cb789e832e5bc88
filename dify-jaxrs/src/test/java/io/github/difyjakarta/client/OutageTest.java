package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Dify that fails again and again is left alone for a while, and found again when it is back. */
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration DELAY = Duration.ofMillis(300);
    private static final ChatRequest QUESTION = ChatRequest.of("ada", "Hello?");
    private static final String ONE = "{\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"one\"}";
    private static final String END = "{\"event\":\"message_end\",\"task_id\":\"t-1\",\"metadata\":{}}";

    private final DifySimulator dify = DifySimulator.start();
    private final DifyConfig config = DifyConfig.of(dify.url(), new ApiKey(dify.key()))
            .withMode(AppMode.CHAT)
            .withRetry(RetryPolicy.NONE)
            .withBreaker(new BreakerPolicy(true, 3, DELAY));
    private final DifyClient client = DifyClient.create(config);

    @AfterEach
    void close() {
        client.close();
        dify.close();
    }

    private void fail(int times, Script script) {
        for (int i = 0; i < times; i++) {
            dify.next(script);
            assertThat(catchThrowable(() -> client.chat().ask(QUESTION))).isInstanceOf(DifyException.class);
        }
    }

    private static Script broken() {
        return Script.json(500, "{\"code\":\"internal_server_error\",\"message\":\"\",\"status\":500}");
    }

    private void assertRefusesAtOnce(DifyClient asked) {
        int before = dify.requests().size();
        assertThatThrownBy(() -> asked.chat().ask(QUESTION))
                .isInstanceOfSatisfying(DifyConnectionException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(DifyConnectionException.UNAVAILABLE);
                    assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
                    assertThat(refusal.runMayHaveStarted()).isFalse();
                });
        assertThat(catchThrowable(() -> asked.app().info())).isInstanceOf(DifyConnectionException.class);
        assertThat(dify.requests()).hasSize(before);
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (catchThrowable(() -> client.chat().ask(QUESTION)) != null) {
            assertThat(System.nanoTime()).as("it is back, and nobody notices").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void isAskedNoMoreAfterSoManyFailuresAndAgainAfterAWhile() {
        fail(3, broken());
        assertRefusesAtOnce(client);
        awaitAnswer();
        assertThat(client.chat().ask(QUESTION).text()).isNotEmpty();
    }

    @Test
    void aStreamThatBreaksOffCounts() {
        fail(3, Script.stream().event(ONE).cut());
        assertRefusesAtOnce(client);
    }

    @Test
    void refusalsOfWhatWasAskedDoNotCount() {
        fail(20, Script.json(400, "{\"code\":\"invalid_param\",\"message\":\"\",\"status\":400}"));
        fail(20, Script.json(429, "{\"code\":\"rate\",\"message\":\"\",\"status\":429}"));
        assertThat(client.chat().ask(QUESTION).text()).isNotEmpty();
    }

    @Test
    void usersWhoLeaveDoNotCount() throws Exception {
        for (int i = 0; i < 10; i++) {
            dify.next(Script.stream().event(ONE).awaitStop(PATIENCE).cut());
            DifyStream stream = client.chat().stream(QUESTION);
            stream.iterator().next();
            stream.close();
            assertThat(stream.outcome()
                            .toCompletableFuture()
                            .handle((outcome, failure) -> true)
                            .get())
                    .isTrue();
        }
        assertThat(client.chat().ask(QUESTION).text()).isNotEmpty();
    }

    @Test
    void whatOneClientLearnsAllOfTheSameAppKnow() {
        DifyClient derived = client.with(config.withRetry(RetryPolicy.DEFAULTS));
        DifyClient other =
                client.with(DifyConfig.of(dify.url(), new ApiKey("app-another")).withMode(AppMode.CHAT));
        fail(3, broken());
        assertRefusesAtOnce(derived);
        assertThat(catchThrowable(() -> other.app().info())).isInstanceOf(DifyApiException.class);
    }

    @Test
    void aRunCanBeStoppedAllTheSame() throws Exception {
        dify.next(Script.stream().event(ONE).awaitStop(PATIENCE).event(END).end());
        try (DifyStream stream = client.chat().stream(QUESTION)) {
            stream.iterator().next();
            fail(3, broken());
            client.chat().stopAsync("ada", "t-1").get();
        }
        dify.awaitRequest(request -> request.path().endsWith("/stop"), PATIENCE);
    }

    @Test
    void oneAtATimeTriesWhetherItIsBack() {
        fail(3, broken());
        int before = dify.requests().size();
        dify.always(Script.stream()
                .headAfter(Duration.ofMillis(200))
                .event(ONE)
                .event(END)
                .end());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (dify.requests().size() == before) {
            List<CompletableFuture<Object>> many = IntStream.range(0, 20)
                    .mapToObj(i -> client.chat().askAsync(QUESTION).handle((answer, failure) -> (Object) true))
                    .toList();
            many.forEach(CompletableFuture::join);
            assertThat(System.nanoTime()).as("nobody tries").isLessThan(deadline);
        }
        assertThat(dify.requests()).hasSize(before + 1);
    }
}
