package io.github.difyjakarta.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.TokenMeter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A browser and a Dify that the test plays, and what is between them. */
class SocketChatTest {
    private static final String CONVERSATION = "6f1f0a3c-7c0f-4d5c-9a3e-0a1b2c3d4e5f";
    private static final String QUESTION = "{\"query\":\"Where?\"}";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeTransport browser = new FakeTransport();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FakeDify dify = new FakeDify();
    private SocketChat chat = chat(Allowance.UNLIMITED);

    private SocketChat chat(Allowance allowance) {
        return chat(allowance, PlainFrames::new);
    }

    private SocketChat chat(Allowance allowance, Supplier<AnswerFrames> words) {
        return new SocketChat(
                browser,
                dify,
                allowance,
                words,
                new SocketChat.Limits(1024, Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(25)),
                soon::add,
                nanos::get);
    }

    /** Answers when the test says so. */
    private static final class FakeDify implements Asking {
        private final List<String> asked = new ArrayList<>();
        private final List<WebSocketOutlet> answers = new ArrayList<>();
        private CompletableFuture<String> run = new CompletableFuture<>();
        private boolean broken;
        private int left;
        private int stopped;

        @Override
        public Run ask(
                ClientFrame.Question question,
                Optional<String> conversation,
                WebSocketOutlet outlet,
                TokenMeter meter) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            asked.add(question.query() + " in " + conversation.orElse("a new one"));
            answers.add(outlet);
            outlet.onClosed(() -> left++);
            CompletableFuture<String> begun = new CompletableFuture<>();
            run = begun;
            return new Run() {
                @Override
                public Optional<String> taskId() {
                    return Optional.of("t-1");
                }

                @Override
                public void stop() {
                    stopped++;
                }

                @Override
                public CompletionStage<?> ended() {
                    return begun;
                }
            };
        }

        private WebSocketOutlet outlet() {
            return answers.get(answers.size() - 1);
        }

        void say(String piece) {
            event("{\"event\":\"message\",\"task_id\":\"t-1\",\"message_id\":\"m-1\",\"conversation_id\":\""
                    + CONVERSATION + "\",\"answer\":\"" + piece + "\"}");
        }

        void event(String json) {
            outlet().event(DifyFrame.of(json.getBytes(UTF_8)));
            outlet().flush();
        }

        void end() {
            event("{\"event\":\"message_end\",\"task_id\":\"t-1\",\"message_id\":\"m-1\",\"conversation_id\":\""
                    + CONVERSATION + "\",\"metadata\":{}}");
            runEnds();
            outlet().end();
        }

        /** As the client says it: before it passes on that nothing follows. */
        void runEnds() {
            run.complete("over");
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        chat.tick();
        runSoon();
    }

    private void runSoon() {
        while (!soon.isEmpty()) {
            soon.remove().run();
        }
    }

    private void assertLastError(String code) {
        assertThat(browser.sent())
                .last()
                .asString()
                .startsWith("{\"type\":\"error\"")
                .contains("\"code\":\"" + code + "\"");
    }

    @Test
    void answersAQuestionPieceByPiece() {
        chat.onText(QUESTION);
        dify.say("one");
        assertThat(browser.sent()).hasSize(2);
        dify.say("two");
        assertThat(browser.sent()).containsExactly("{\"type\":\"chunk\",\"content\":\"two\"}");
        dify.end();
        assertThat(browser.sent()).singleElement().asString().contains("\"full_answer\":\"onetwo\"");
    }

    @Test
    void goesOnInTheConversationOfTheLastAnswer() {
        chat.onText(QUESTION);
        dify.say("one");
        dify.end();
        chat.onText(QUESTION);
        dify.say("two");
        dify.end();
        chat.onText("{\"query\":\"Else?\",\"conversation_id\":\"\"}");
        assertThat(dify.asked)
                .containsExactly("Where? in a new one", "Where? in " + CONVERSATION, "Else? in a new one");
    }

    @Test
    void doesNotGoOnInAConversationWhoseAnswerFailed() {
        chat.onText(QUESTION);
        dify.say("one");
        dify.outlet().error(RelayError.of(502, "upstream_closed", "no"));
        assertLastError("upstream_closed");
        chat.onText(QUESTION);
        assertThat(dify.asked).last().isEqualTo("Where? in a new one");
    }

    @Test
    void doesNotGoOnInWhatIsNoConversationOfDifys() {
        chat.onText(QUESTION);
        dify.event("{\"event\":\"message_end\",\"conversation_id\":\"c-1\",\"task_id\":\"t-1\",\"metadata\":{}}");
        dify.outlet().end();
        chat.onText(QUESTION);
        assertThat(dify.asked).last().isEqualTo("Where? in a new one");
    }

    @Test
    void aQuestionThatFailsInsideIsAnErrorAndTheNextOneIsAsked() {
        dify.broken = true;
        chat.onText(QUESTION);
        assertLastError("internal_server_error");
        dify.broken = false;
        chat.onText(QUESTION);
        assertThat(dify.asked).hasSize(1);
    }

    @Test
    void takesOneQuestionAtATime() {
        chat.onText(QUESTION);
        chat.onText(QUESTION);
        assertLastError("busy");
        assertThat(dify.asked).hasSize(1);
        dify.say("one");
        dify.end();
        chat.onText(QUESTION);
        assertThat(dify.asked).hasSize(2);
    }

    @Test
    void whoHasReadTheEndMayAskAgainAtOnce() {
        chat.onText(QUESTION);
        dify.say("one");
        browser.readNothing();
        dify.end();
        assertThat(browser.sent()).last().asString().contains("\"done\"");
        chat.onText(QUESTION);
        assertThat(dify.asked).hasSize(2);
    }

    @Test
    void stopsTheAnswerThatRuns() {
        chat.onText("{\"type\":\"stop\"}");
        assertThat(browser.sent())
                .as("nothing to stop is nothing to complain of")
                .isEmpty();
        chat.onText(QUESTION);
        chat.onText("{\"type\":\"stop\"}");
        chat.onText("{\"type\":\"stop\",\"task_id\":\"t-1\"}");
        assertThat(dify.stopped).isEqualTo(2);
    }

    @Test
    void stopsNoAnswerOfAnotherSocket() {
        chat.onText(QUESTION);
        chat.onText("{\"type\":\"stop\",\"task_id\":\"t-of-somebody-else\"}");
        assertLastError("not_found");
        assertThat(dify.stopped).isZero();
    }

    @Test
    void answersAPing() {
        chat.onText("{\"type\":\"ping\"}");
        assertThat(browser.sent()).containsExactly("{\"type\":\"pong\"}");
    }

    @Test
    void complainsOfAMessageThatMeansNothingAndGoesOn() {
        for (int i = 1; i < SocketChat.MOST_BAD; i++) {
            chat.onText("{");
            assertLastError("bad_request");
        }
        chat.onText(QUESTION);
        chat.onText("{");
        assertLastError("bad_request");
        assertThat(dify.asked).hasSize(1);
    }

    @Test
    void closesOnWhoSendsNothingElse() {
        for (int i = 0; i < SocketChat.MOST_BAD; i++) {
            chat.onText("{");
        }
        runSoon();
        assertThat(browser.sent()).last().isEqualTo("close 1008 too_many_bad_messages");
    }

    @Test
    void takesAMessageUpToTheLimitAndClosesOnALargerOne() {
        String frame = "{\"query\":\"" + "\u00e9".repeat(506) + "\"}";
        assertThat(frame.getBytes(UTF_8)).hasSize(1024);
        chat.onText(frame);
        assertThat(dify.asked).hasSize(1);
        chat.onText(frame + " ");
        runSoon();
        assertThat(browser.sent()).containsExactly("close 1009 message_too_big");
        assertThat(dify.left).as("nobody listens to the answer any more").isEqualTo(1);
    }

    @Test
    void closesOnABinaryMessage() {
        chat.onBinary();
        runSoon();
        assertThat(browser.sent()).containsExactly("close 1003 text_only");
    }

    @Test
    void endsTheAnswerOfABrowserThatLeft() {
        chat.onText(QUESTION);
        chat.onClosed();
        assertThat(dify.left).as("not under the container's locks").isZero();
        runSoon();
        assertThat(dify.left).isEqualTo(1);
        dify.say("nobody hears");
        assertThat(browser.sent()).isEmpty();
    }

    @Test
    void aQuestionThatCrossesTheCloseIsNotAsked() {
        chat.onClosed();
        chat.onText(QUESTION);
        assertThat(dify.asked).isEmpty();
    }

    @Test
    void tellsWhyItEndsBeforeItCloses() {
        chat.onText(QUESTION);
        dify.say("one");
        browser.sent();
        chat.end(Outgoing.Close.GOING_AWAY, RelayError.shuttingDown());
        runSoon();
        assertThat(browser.sent())
                .hasSize(2)
                .satisfies(sent -> assertThat(sent.get(0)).contains("\"code\":\"shutting_down\""))
                .endsWith("close 1001 shutting_down");
        assertThat(dify.left).isEqualTo(1);
    }

    @Test
    void closesWhenNothingWasAskedForLong() {
        pass(Duration.ofMinutes(5).minusNanos(1));
        assertThat(browser.sent()).containsExactly("ping");
        pass(Duration.ofNanos(1));
        assertThat(browser.sent()).containsExactly("close 1000 idle");
    }

    @Test
    void isNotIdleWhileAnAnswerRunsNorRightAfterIt() {
        chat.onText(QUESTION);
        pass(Duration.ofMinutes(6));
        dify.say("one");
        dify.end();
        pass(Duration.ofMinutes(4));
        assertThat(browser.sent()).noneMatch(frame -> frame.startsWith("close"));
    }

    @Test
    void pingsIntoASilence() {
        pass(Duration.ofSeconds(24));
        assertThat(browser.sent()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(browser.sent()).containsExactly("ping");
        pass(Duration.ofSeconds(24));
        assertThat(browser.sent()).isEmpty();
    }

    @Test
    void givesUpOnABrowserThatTakesNothing() {
        browser.readNothing();
        chat.onText(QUESTION);
        dify.say("one");
        browser.sent();
        pass(Duration.ofSeconds(29));
        assertThat(browser.sent()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(browser.sent()).containsExactly("close 1013 slow_reader", "terminate");
        assertThat(dify.left).isEqualTo(1);
    }

    @Test
    void givesUpOnABrowserThatTalksAndDoesNotListen() {
        browser.readNothing();
        for (int i = 0; i < SocketChat.MOST_WAITING + 1; i++) {
            chat.onText("{\"type\":\"ping\"}");
        }
        runSoon();
        assertThat(browser.sent()).hasSize(1);
        chat.onText("{\"type\":\"ping\"}");
        runSoon();
        assertThat(browser.sent()).containsExactly("close 1013 slow_reader", "terminate");
    }

    @Test
    void endsAnAnswerThatMakesNoSense() {
        chat.onText(QUESTION);
        dify.event(
                "{\"event\":\"message\",\"conversation_id\":\"c\",\"message_id\":\"m\",\"task_id\":\"t-1\",\"answer\":");
        runSoon();
        assertLastError("upstream_error");
        assertThat(dify.left).isEqualTo(1);
        chat.onText(QUESTION);
        assertThat(dify.asked).hasSize(2);
    }

    @Test
    void countsEveryQuestionLikeARequestAndOnlyQuestions() {
        try (Quotas quotas = quotas(Limits.NONE.withRequestsPerMinute(2))) {
            chat = chat(Allowance.of(quotas, quotas.caller("ada", role -> false), "default"));
            chat.onText("{\"query\":\"\"}");
            chat.onText("{\"type\":\"ping\"}");
            for (int i = 0; i < 2; i++) {
                chat.onText(QUESTION);
                chat.onText(QUESTION); // busy
                dify.say("one");
                dify.end();
            }
            browser.sent();
            chat.onText(QUESTION);
            assertThat(browser.sent())
                    .singleElement()
                    .asString()
                    .contains(
                            "\"code\":\"quota_exceeded\"", "\"status\":429", "\"retryable\":true", "\"retry_after\":");
            assertThat(dify.asked).hasSize(2);
        }
    }

    @Test
    void holdsAPlaceAmongTheStreamsFromTheQuestionToItsEnd() {
        try (Quotas quotas = quotas(Limits.NONE.withStreams(1))) {
            Allowance allowance = Allowance.of(quotas, quotas.caller("ada", role -> false), "default");
            chat = chat(allowance);
            SocketChat another = chat(allowance);
            chat.onText(QUESTION);
            another.onText(QUESTION);
            assertLastError("quota_exceeded");
            chat.onClosed();
            another.onText(QUESTION);
            assertLastError("quota_exceeded"); // who hangs up and comes back has not ended the run by that
            dify.runEnds();
            another.onText(QUESTION);
            assertThat(dify.asked).hasSize(2);
            dify.say("one");
            dify.end();
            another.onText(QUESTION);
            assertThat(dify.asked).as("right after the end").hasSize(3);
        }
    }

    @Test
    void aQuestionThatIsNotTakenHoldsNoPlace() {
        try (Quotas quotas = quotas(Limits.NONE.withStreams(1))) {
            chat = chat(Allowance.of(quotas, quotas.caller("ada", role -> false), "default"));
            dify.broken = true;
            chat.onText(QUESTION);
            assertThat(quotas.totals().running()).isZero();
        }
    }

    @Test
    void aQuestionThatFailsInsideIsPaidAsIfItHadBeenAsked() {
        try (Quotas quotas = quotas(Limits.NONE.withTokensPerDay(10_000))) {
            chat = chat(Allowance.of(quotas, quotas.caller("ada", role -> false), "default"));
            dify.broken = true;
            chat.onText(QUESTION);
            eventually("it is charged", () -> quotas.totals().tokens() > 0);
        }
    }

    @Test
    void aQuestionWhoseBrowserLeavesWhileItsQuotaIsAskedCostsNoTokens() {
        try (Quotas quotas = quotas(Limits.NONE.withStreams(1).withTokensPerDay(10))) {
            Allowance allowance = Allowance.of(quotas, quotas.caller("ada", role -> false), "default");
            chat = chat(characters -> {
                Allowance.Permission permission = allowance.take(characters);
                chat.onClosed();
                return permission;
            });
            chat.onText(QUESTION); // reserves them all
            assertThat(dify.asked).isEmpty();
            assertThat(quotas.totals().running()).isZero();
            SocketChat another = chat(allowance);
            eventually("they are there for another question", () -> {
                another.onText(QUESTION);
                return dify.asked.size() == 1;
            });
        }
    }

    @Test
    void aMessageThatCrossesTheCloseCostsNoQuota() {
        try (Quotas quotas = quotas(Limits.NONE.withRequestsPerMinute(1))) {
            chat = chat(Allowance.of(quotas, quotas.caller("ada", role -> false), "default"));
            chat.onClosed();
            chat.onText(QUESTION);
            assertThat(quotas.totals().admitted()).isZero();
        }
    }

    @Test
    void anAnswerWhoseEndMakesNoSenseIsAnErrorAndTheNextQuestionIsAsked() {
        chat = chat(Allowance.UNLIMITED, () -> new AnswerFrames() {
            private final AnswerFrames sound = new PlainFrames();

            @Override
            public List<Outgoing> event(DifyFrame frame) {
                return sound.event(frame);
            }

            @Override
            public List<Outgoing> end() {
                throw new IllegalStateException("no answer");
            }

            @Override
            public Optional<String> conversation() {
                return sound.conversation();
            }

            @Override
            public Outgoing error(RelayError error) {
                return sound.error(error);
            }
        });
        chat.onText(QUESTION);
        dify.say("one");
        dify.end();
        assertLastError("upstream_error");
        chat.onText(QUESTION);
        assertThat(dify.asked).hasSize(2);
    }

    private static void eventually(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void aQuestionWithoutTokensLeftGivesItsPlaceBack() {
        try (Quotas quotas = quotas(Limits.NONE.withStreams(1).withTokensPerDay(10))) {
            chat = chat(Allowance.of(quotas, quotas.caller("ada", role -> false), "default"));
            chat.onText(QUESTION); // reserves them all
            dify.say("one");
            dify.end();
            for (int i = 0; i < 2; i++) {
                browser.sent();
                chat.onText(QUESTION);
                assertThat(browser.sent())
                        .singleElement()
                        .asString()
                        .contains("\"code\":\"quota_exceeded\"")
                        .contains("budget is used up");
            }
        }
    }

    private static Quotas quotas(Limits user) {
        return Quotas.inMemory(
                QuotaConfig.DEFAULTS.withUser(user).withAnonymous(Limits.NONE).withGlobal(Limits.NONE));
    }
}
