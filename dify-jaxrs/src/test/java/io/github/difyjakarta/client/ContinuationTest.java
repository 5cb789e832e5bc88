package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer goes on with the conversation that its question named, or is none, whatever the release. */
class ContinuationTest extends ClientTest {
    private static final String UNKNOWN = "b2c5ce5a-3f11-4a6c-8f0e-1d2d8a1c7e55";
    private static final ChatRequest LOST = QUESTION.inConversation(UNKNOWN);

    private static DifySimulator chatflow(String version) {
        return DifySimulator.builder().mode("advanced-chat").version(version).start();
    }

    private static DifyConfig at(DifySimulator release) {
        return DifyConfig.of(release.url(), new ApiKey(release.key()))
                .withMode(AppMode.ADVANCED_CHAT)
                .withTimeouts(TIMEOUTS);
    }

    private static void assertNotFound(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(DifyApiException.class, refused -> {
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.code()).isEqualTo("not_found");
            assertThat(refused.reply().serverVersion()).isPresent();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.12.1", "1.15.0", "1.16.0"})
    void aConversationThatDifyDoesNotKnowIsNotFoundOnAnyRelease(String version) throws Exception {
        try (DifySimulator release = chatflow(version)) {
            assertNotFound(failureOf(client(at(release)).chat().askAsync(LOST)));
            assertNotFound(failureOf(client(at(release)).chat().askUnstreamedAsync(LOST)));
        }
    }

    @Test
    void noEventOfAnotherConversationReachesTheReaderAndItsRunIsStopped() throws Exception {
        dify.next(Script.stream().event(message("What do you mean?")).awaitStop(PATIENCE));
        List<DifyEvent> events = new CopyOnWriteArrayList<>();
        Recorder<DifyEvent> recorder = new Recorder<>(events::add);
        DifyStream stream = client().chat().stream(LOST);
        stream.subscribe(recorder);
        assertThat(recorder.end().get(10, TimeUnit.SECONDS)).isInstanceOf(DifyApiException.class);
        assertThat(events).isEmpty();
        assertThat(stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.code())
                        .isEqualTo("not_found"));
        dify.awaitRequest(request -> request.path().endsWith("/t-1/stop"), PATIENCE);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void anAnswerInOnePieceThatBelongsToAnotherConversationIsNone() throws Exception {
        dify.next(Script.json(
                        200,
                        "{\"event\":\"message\",\"conversation_id\":\"0d1e5ce5-3f11-4a6c-8f0e-1d2d8a1c7e55\",\"answer\":\"What?\"}")
                .header("X-Version", "1.15.0"));
        assertNotFound(failureOf(client().chat().askUnstreamedAsync(LOST)));
    }

    @Test
    void theSameConversationInOtherLettersIsTheSame() {
        String conversation = UNKNOWN.toUpperCase(Locale.ROOT);
        dify.next(Script.stream()
                .event(message("one").replace("\"c\"", "\"" + UNKNOWN + "\""))
                .event(messageEnd().replace("\"c\"", "\"" + UNKNOWN + "\"")));
        Answer answer = client().chat().ask(QUESTION.inConversation(conversation));
        assertThat(answer.conversationId()).contains(UNKNOWN);
    }

    @Test
    void anAnswerThatNamesNoConversationMayBelongToAny() {
        dify.next(Script.stream()
                .event("{\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"Here.\"}")
                .event("{\"event\":\"message_end\",\"task_id\":\"t-1\",\"metadata\":{}}"));
        assertThat(client().chat().ask(LOST).text()).isEqualTo("Here.");
    }

    @Test
    void aReleaseThatHangsOnAnUnknownConversationIsGivenUp() throws Exception {
        Timeouts hasty = TIMEOUTS.toBuilder().firstEvent(Duration.ofMillis(300)).build();
        try (DifySimulator release = chatflow("1.14.2")) {
            assertThat(failureOf(client(at(release).withTimeouts(hasty)).chat().askAsync(LOST)))
                    .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                            .isEqualTo(DifyStreamException.IDLE));
            release.awaitOpenConnections(0, PATIENCE);
        }
    }
}
