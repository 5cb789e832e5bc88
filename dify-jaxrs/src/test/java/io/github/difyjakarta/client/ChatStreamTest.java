package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.app.AppParameters;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChatStreamTest extends ClientTest {
    @Test
    void answersAQuestionWhole() {
        Answer answer = client().chat().ask(QUESTION);
        assertThat(answer.text()).contains("Where is my order?");
        assertThat(answer.outcome()).isEqualTo(new Outcome.Completed());
        assertThat(answer.conversationId()).isPresent();
        assertThat(answer.usage().totalTokens()).isPositive();
    }

    @Test
    void goesOnWithAConversation() {
        Answer first = client().chat().ask(QUESTION);
        Answer second = client().chat()
                .ask(QUESTION.inConversation(first.conversationId().orElseThrow()));
        assertThat(second.conversationId()).isEqualTo(first.conversationId());
        assertThat(posts().get(1).body())
                .contains("\"conversation_id\":\"" + first.conversationId().get() + "\"");
    }

    @Test
    void sendsTheUserTheInputsAndTheKeyAndNothingElseOfThem() {
        client().chat().ask(QUESTION.withInputs(Map.of("city", "Oslo")));
        RecordedRequest request = posts().get(0);
        assertThat(request.header("authorization")).contains("Bearer " + dify.key());
        assertThat(request.body())
                .contains("\"user\":\"ada\"", "\"inputs\":{\"city\":\"Oslo\"}", "\"response_mode\":\"streaming\"")
                .contains("\"conversation_id\":\"\"");
    }

    @Test
    void asksForABlockingAnswerOnTheWireWhenToldTo() {
        Answer answer = client().chat()
                .askUnstreamedAsync(QUESTION)
                .toCompletableFuture()
                .join();
        assertThat(answer.text()).contains("Where is my order?");
        assertThat(posts().get(0).body()).contains("\"response_mode\":\"blocking\"");
    }

    @Test
    void handsOutEventsAsTheyComeAndNotAtTheEnd() throws Exception {
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        try (DifyStream stream = client().chat().stream(QUESTION)) {
            LinkedBlockingQueue<DifyEvent> events = new LinkedBlockingQueue<>();
            Recorder<DifyEvent> recorder = new Recorder<>(events::add);
            stream.subscribe(recorder);
            assertThat(events.poll(10, TimeUnit.SECONDS)).isInstanceOf(DifyEvent.Message.class);
            assertThat(recorder.end()).isNotDone();
            stream.stop();
            assertThat(recorder.end().get(10, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void deliversNoMoreThanIsAskedFor() throws Exception {
        dify.next(
                Script.stream().events(5, Duration.ZERO, i -> message("n" + i)).event(messageEnd()));
        LinkedBlockingQueue<DifyEvent> events = new LinkedBlockingQueue<>();
        Recorder<DifyEvent> recorder = new Recorder<>(events::add, 2);
        DifyStream stream = client().chat().stream(QUESTION);
        stream.subscribe(recorder);
        assertThat(events.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(events.poll(10, TimeUnit.SECONDS)).isNotNull();
        stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS); // all has come by now
        assertThat(events).isEmpty();
        recorder.subscription().request(100);
        assertThat(recorder.end().get(10, TimeUnit.SECONDS)).isNull();
        assertThat(events).hasSize(4);
    }

    @Test
    void refusesAnImpossibleDemand() throws Exception {
        dify.next(Script.stream().event(message("one")).silence());
        Recorder<DifyEvent> recorder = new Recorder<>(event -> {}, 0);
        client().chat().stream(QUESTION).subscribe(recorder);
        recorder.subscription().request(0);
        assertThat(recorder.end().get(10, TimeUnit.SECONDS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasOneSubscriberOnly() throws Exception {
        DifyStream stream = client().chat().stream(QUESTION);
        stream.subscribe(new Recorder<>(event -> {}));
        Recorder<DifyEvent> second = new Recorder<>(event -> {});
        stream.subscribe(second);
        assertThat(second.end().get(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsAStoppedAnswerFromAWholeOne() throws Exception {
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        DifyStream stream = client().chat().stream(QUESTION);
        CompletableFuture<Answer> answer = stream.collectAsync();
        stream.opened().toCompletableFuture().get(10, TimeUnit.SECONDS);
        awaitTask(stream);
        stream.stop();
        assertThat(answer.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(new Outcome.Stopped());
        assertThat(answer.get().text()).isEqualTo("one");
    }

    @Test
    void stopsTheRunForTheSameUserAndReadsItToItsEndWhenItsReaderLeaves() throws Exception {
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        DifyStream stream = client().chat().stream(QUESTION);
        stream.iterator().next();
        stream.close();
        RecordedRequest stop = dify.awaitRequest(r -> r.path().endsWith("/chat-messages/t-1/stop"), PATIENCE);
        assertThat(stop.body()).isEqualTo("{\"user\":\"ada\"}");
        assertThat(stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Completed());
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void waitsForTheTaskIdWhenItsReaderLeavesBeforeTheFirstEvent() throws Exception {
        dify.next(Script.stream()
                .headAfter(Duration.ofMillis(300))
                .event(message("one"))
                .awaitStop(PATIENCE)
                .event(messageEnd()));
        DifyStream stream = client().chat().stream(QUESTION);
        dify.awaitRequest(r -> r.path().endsWith("/chat-messages"), PATIENCE);
        stream.close();
        dify.awaitRequest(r -> r.path().endsWith("/t-1/stop"), PATIENCE);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void callsNoStopWhenItsReaderLeavesAfterTheEnd() throws Exception {
        dify.next(Script.stream().event(message("one")).event(messageEnd()).silence());
        DifyStream stream = client().chat().stream(QUESTION);
        for (DifyEvent event : stream) {
            if (event instanceof DifyEvent.MessageEnd) {
                break;
            }
        }
        stream.close();
        assertThat(stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Completed());
        assertThat(dify.requests()).noneMatch(request -> request.path().endsWith("/stop"));
    }

    @Test
    void givesUpOnADrainThatDoesNotEnd() throws Exception {
        Timeouts impatient =
                TIMEOUTS.toBuilder().stopDrain(Duration.ofMillis(200)).build();
        dify.next(Script.stream().event(message("one")).silence());
        DifyStream stream = client(config().withTimeouts(impatient)).chat().stream(QUESTION);
        stream.iterator().next();
        stream.close();
        assertThat(stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Outcome.Truncated("truncated"));
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void keepsEventsThatItDoesNotKnow() {
        dify.next(Script.stream()
                .event("{\"event\":\"brand_new\",\"task_id\":\"t-1\",\"data\":{\"x\":1}}")
                .event(messageEnd()));
        List<DifyEvent> events = new ArrayList<>();
        client().chat().stream(QUESTION).forEach(events::add);
        assertThat(events.get(0)).isInstanceOf(DifyEvent.Other.class);
        assertThat(events.get(0).json()).contains("\"x\":1");
    }

    @Test
    void toleratesTheEndMarkOfOtherGateways() {
        dify.next(Script.stream().event(message("one")).event(messageEnd()).raw("data: [DONE]\n\n"));
        assertThat(client().chat().ask(QUESTION).text()).isEqualTo("one");
    }

    @Test
    void takesThePriceForWhatItIsInScientificNotation() {
        dify.next(Script.stream().event(message("one")).event(messageEnd()));
        assertThat(client().chat().ask(QUESTION).usage().totalPrice()).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void relaysNothingThatFollowsAnError() {
        dify.next(Script.stream()
                .event(message("one"))
                .event("{\"event\":\"error\",\"code\":\"completion_request_error\",\"status\":400,\"message\":\"no\"}")
                .event(message("two")));
        List<String> names = new ArrayList<>();
        assertThatThrownBy(() -> client().chat().stream(QUESTION).forEach(event -> names.add(event.name())))
                .isInstanceOfSatisfying(DifyApiException.class, failure -> {
                    assertThat(failure.code()).isEqualTo("completion_request_error");
                    assertThat(failure.status()).isEqualTo(400);
                });
        assertThat(names).containsExactly("message", "error");
    }

    @Test
    void waitingForAnAnswerCanBeInterrupted() throws Exception {
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        DifyClient client = client();
        Thread waiting = new Thread(() -> {
            try {
                client.chat().ask(QUESTION);
                failure.completeExceptionally(new AssertionError("an answer came"));
            } catch (DifyException e) {
                failure.complete(e);
            }
        });
        waiting.start();
        dify.awaitRequest(r -> r.path().endsWith("/chat-messages"), PATIENCE);
        waiting.interrupt();
        assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        dify.awaitRequest(r -> r.path().endsWith("/t-1/stop"), PATIENCE);
    }

    @Test
    void aSubscriberThatFailsEndsItsOwnStreamOnly() throws Exception {
        dify.next(Script.stream().event(message("one")).awaitStop(PATIENCE).event(messageEnd()));
        DifyStream stream = client().chat().stream(QUESTION);
        stream.subscribe(new Recorder<>(event -> {
            throw new IllegalStateException("the subscriber's own trouble");
        }));
        dify.awaitRequest(r -> r.path().endsWith("/t-1/stop"), PATIENCE);
        stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(client().chat().ask(QUESTION).text()).isNotEmpty();
    }

    @Test
    void readsTheAppsParametersAndInfo() {
        AppParameters parameters = client().app().parameters();
        assertThat(parameters.suggestedQuestions()).isNotEmpty();
        assertThat(parameters.json().json()).contains("user_input_form");
        assertThat(client().app().info().knownMode()).contains(AppMode.CHAT);
    }

    @Test
    void asksForTheModeOnceWhereItIsNotKnown() {
        DifyConfig unknown = new DifyConfig(
                dify.url(),
                new ApiKey(dify.key()),
                Optional.empty(),
                TIMEOUTS,
                QUICK_RETRY,
                new Limits(10, 1024, 1024, 4096),
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
        client(unknown).chat().ask(QUESTION);
        client().chat().ask(QUESTION);
        dify.awaitRequest(request -> request.path().endsWith("/info"), PATIENCE);
        assertThat(dify.requests().stream().filter(r -> r.path().endsWith("/info")))
                .hasSize(1);
    }

    private static void awaitTask(DifyStream stream) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (stream.taskId().isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
