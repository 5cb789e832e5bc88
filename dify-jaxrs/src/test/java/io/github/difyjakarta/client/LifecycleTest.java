package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is left when it is over: nothing. */
class LifecycleTest extends ClientTest {
    @Test
    void closingLeavesNoThreadAndNoConnection() throws Exception {
        DifyClient own = DifyClient.create(config());
        own.chat().ask(QUESTION);
        List<Thread> threads = clientThreads();
        assertThat(threads).isNotEmpty();
        own.close();
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void closingTellsOpenStreamsAndLaterCallers() throws Exception {
        dify.next(Script.stream().event(message("one")).silence());
        DifyClient client = client();
        DifyStream open = client.chat().stream(QUESTION);
        open.iterator().next();
        client.close();
        assertThat(open.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Truncated("shutting_down"));
        assertThat(failureOf(client.chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo("cancelled"));
    }

    @Test
    void aDerivedClientEndsAloneAndItsFamilyGoesOn() throws Exception {
        DifyClient derived = client().with(config());
        derived.chat().ask(QUESTION);
        derived.close();
        assertThat(client().chat().ask(QUESTION).text()).isNotEmpty();
    }

    @Test
    void closesConnectionsThatServeNobody() throws Exception {
        client().chat().ask(QUESTION);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void sendsNoQuestionOnAConnectionThatLayIdleForLongerThanDifyKeepsIt() throws Exception {
        client().chat().ask(QUESTION);
        client().chat().ask(QUESTION);
        assertThat(posts().get(1).connection())
                .as("used again at once")
                .isEqualTo(posts().get(0).connection());
        dify.awaitOpenConnections(0, PATIENCE);
        client().chat().ask(QUESTION);
        assertThat(posts().get(2).connection()).isNotEqualTo(posts().get(0).connection());
    }

    @Test
    void letsNoMoreThanTheConfiguredNumberThroughAndStopsAllTheSame() throws Exception {
        DifyConfig one = new DifyConfig(
                dify.url(),
                new ApiKey(dify.key()),
                Optional.of(AppMode.CHAT),
                timeoutsWithAcquire(Duration.ofMillis(200)),
                QUICK_RETRY,
                new Limits(1, 1 << 20, 1024, 4096),
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        DifyStream first = client(one).chat().stream(QUESTION);
        CompletableFuture<?> answer = first.collectAsync();
        dify.awaitRequest(r -> r.path().endsWith("/chat-messages"), PATIENCE);
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo("upstream_busy"));
        client().chat().stopAsync("ada", "t-1").toCompletableFuture().get(10, TimeUnit.SECONDS);
        answer.get(10, TimeUnit.SECONDS);
        assertThat(client().chat().ask(QUESTION).text())
                .as("the place is free again")
                .isNotEmpty();
        assertThat(posts()).hasSize(2);
    }

    @Test
    void aWaitingQuestionGetsThePlaceThatComesFree() throws Exception {
        DifyConfig one = new DifyConfig(
                dify.url(),
                new ApiKey(dify.key()),
                Optional.of(AppMode.CHAT),
                TIMEOUTS,
                QUICK_RETRY,
                new Limits(1, 1 << 20, 1024, 4096),
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(client(one).chat().askAsync(QUESTION).toCompletableFuture());
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);
        assertThat(posts()).hasSize(5);
    }

    @Test
    void threeHundredStreamsThatEndInMixedWaysLeaveNothing() throws Exception {
        Script[] ends = {
            Script.stream().event(message("one")).event(messageEnd()),
            Script.stream().event(message("one")).cut(),
            Script.stream().event(message("one")).reset(),
            Script.stream().event(message("one")).end(),
            Script.json(500, "{}"),
            Script.stream()
                    .event(message("one"))
                    .awaitStop(Duration.ofMillis(100))
                    .event(messageEnd())
        };
        for (int round = 0; round < 50; round++) {
            List<DifyStream> streams = new ArrayList<>();
            for (Script end : ends) {
                dify.next(end);
                DifyStream stream = client().chat().stream(QUESTION);
                stream.subscribe(new Recorder<>(event -> {}));
                streams.add(stream);
            }
            streams.get(round % streams.size()).close();
            for (DifyStream stream : streams) {
                stream.outcome()
                        .toCompletableFuture()
                        .handle((outcome, failure) -> "ended")
                        .get(15, TimeUnit.SECONDS);
            }
        }
        dify.awaitOpenConnections(0, PATIENCE);
        assertThat(clientThreads())
                .hasSizeLessThanOrEqualTo(2 + Runtime.getRuntime().availableProcessors());
        assertThat(client().app()
                        .infoAsync()
                        .toCompletableFuture()
                        .get(15, TimeUnit.SECONDS)
                        .name())
                .isNotEmpty();
    }

    @Test
    void namesTheKeyNowhere() {
        DifyConfig config = config();
        assertThat(config.toString()).doesNotContain(dify.key());
        assertThat(client().toString()).doesNotContain(dify.key());
        assertThat(config.apiKey().toString()).isEqualTo("***");
    }

    private static List<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dify-"))
                .filter(thread -> !thread.getName().startsWith("dify-simulator"))
                .toList();
    }

    private static Timeouts timeoutsWithAcquire(Duration acquire) {
        return TIMEOUTS.toBuilder().acquire(acquire).build();
    }
}
