package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.assertSameStream;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static io.github.difyjakarta.simulator.Recorded.withoutDate;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends what was sent to a running Dify and expects what it answered. */
class RecordedBehaviourTest {

    private DifySimulator dify = Recorded.simulator("chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chatflow-unknown-conversation",
                "conversation-delete-again",
                "conversation-delete-bad-uuid",
                "conversation-delete-empty-json",
                "conversation-delete-no-body",
                "conversation-rename-other-user",
                "conversations-bad-last-id",
                "conversations-bad-sort",
                "conversations-limit-0",
                "conversations-no-user",
                "conversations-unknown-last-id",
                "err-404-route",
                "err-405-delete-info",
                "err-405-get-chat",
                "err-auth-basic",
                "err-auth-missing",
                "err-auth-no-bearer",
                "err-content-type-text",
                "err-conversation-not-uuid",
                "err-conversation-unknown",
                "err-inputs-array",
                "err-inputs-missing",
                "err-json-array",
                "err-json-empty",
                "err-json-malformed",
                "err-mode-completion-on-chat",
                "err-mode-workflow-on-chat",
                "err-no-body",
                "err-query-missing",
                "err-response-mode-bad",
                "err-stop-no-body",
                "err-stop-no-user",
                "err-stop-unknown-task",
                "err-user-empty",
                "err-user-missing",
                "feedback-bad-rating",
                "feedback-other-user",
                "head-chat",
                "messages-bad-uuid",
                "messages-empty-conversation",
                "messages-no-conversation",
                "messages-unknown-conversation",
                "root",
                "root-no-slash",
                "suggested-bad-uuid",
                "suggested-no-user",
                "suggested-other-user",
                "suggested-tutorial-path"
            })
    void answersToTheLetter(String name) throws Exception {
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"options-chat", "options-chat-preflight"})
    void answersPreflightsWithTheSameHeadersInWhateverOrder(String name) throws Exception {
        Path http = recording(name);
        Response answer = Wire.call(dify.url(), Recordings.request(http));
        assertThat(answer.status()).isEqualTo(Recordings.response(http).status());
        assertThat(withoutDate(answer)).containsExactlyInAnyOrderElementsOf(withoutDate(Recordings.response(http)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"err-mode-chat-on-workflow", "err-stop-wrong-mode", "conversations-wrong-mode"})
    void refusesChatWhereTheAppIsAWorkflow(String name) throws Exception {
        Path http = recording(name);
        restart("workflow");
        assertSame(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void refusesAnUnknownKey() throws Exception {
        Path http = recording("err-auth-unknown-key");
        String request = Recordings.request(http).replace("app-REDACTED", "app-unknown");
        assertSame(http, Wire.call(dify.url(), request));
    }

    @Test
    void refusesSuggestionsThatAreSwitchedOff() throws Exception {
        Path http = recording("suggested-disabled");
        dify.close();
        dify = DifySimulator.builder().key("app-REDACTED").withoutSuggestions().start();
        String turn = Shape.text(ask("blocking", "u1"), "message_id");
        assertSame(http, Wire.call(dify.url(), withIds(Recordings.request(http), turn)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat-blocking-basic",
                "err-auth-lowercase-bearer",
                "err-content-type-charset",
                "err-response-mode-missing",
                "err-user-number",
                "head-info",
                "info",
                "meta",
                "parameters-chat",
                "request-chunked-json",
                "request-h2c-upgrade",
                "site"
            })
    void answersInTheSameShape(String name) throws Exception {
        Path http = recording(name);
        String conversation = Shape.text(ask("blocking", "u1"), "conversation_id");
        assertAlike(http, Wire.call(dify.url(), withIds(Recordings.request(http), conversation)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages",
                "messages-limit-1",
                "conversations",
                "conversation-rename",
                "conversation-rename-auto"
            })
    void showsTheHistoryInTheSameShape(String name) throws Exception {
        Path http = recording(name);
        String conversation = Shape.text(ask("streaming", "u1"), "conversation_id");
        askAgain(conversation);
        assertAlike(http, Wire.call(dify.url(), withIds(Recordings.request(http), conversation)));
    }

    @Test
    void deletesAConversationOnce() throws Exception {
        Path http = recording("conversation-delete");
        String conversation = Shape.text(ask("blocking", "u1"), "conversation_id");
        String request = withIds(Recordings.request(http), conversation);
        assertSame(http, Wire.call(dify.url(), request));
        assertSame(recording("conversation-delete-again"), Wire.call(dify.url(), request));
    }

    @Test
    void takesFeedbackAndTakesItBack() throws Exception {
        String message = Shape.text(ask("blocking", "u1"), "message_id");
        for (String name : List.of(
                "feedback-like",
                "feedback-dislike",
                "feedback-revoke",
                "feedback-revoke-again",
                "feedback-other-user",
                "suggested-other-user")) {
            Path http = recording(name);
            assertSame(http, Wire.call(dify.url(), withIds(Recordings.request(http), message)));
        }
        Path suggested = recording("suggested");
        assertAlike(suggested, Wire.call(dify.url(), withIds(Recordings.request(suggested), message)));
    }

    @Test
    void streamsAChat() throws Exception {
        Path http = recording("chat-streaming-basic");
        assertSameStream(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void streamsAChatflow() throws Exception {
        Path http = recording("chatflow-streaming-llm");
        restart("advanced-chat");
        assertSameStream(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void blocksForAChatflowAndStopsWhatItDoesNotKnow() throws Exception {
        restart("advanced-chat");
        String conversation = Shape.text(ask("blocking", "u1"), "conversation_id");
        Path http = recording("chatflow-blocking-llm");
        assertAlike(http, Wire.call(dify.url(), withIds(Recordings.request(http), conversation)));
        Path stop = recording("chatflow-stop-request");
        assertSame(stop, Wire.call(dify.url(), Recordings.request(stop)));
    }

    @Test
    void refusesABlockingChatflowThatFailed() throws Exception {
        dify.close();
        dify = DifySimulator.builder()
                .key("app-REDACTED")
                .mode("advanced-chat")
                .failsRuns()
                .start();
        Path http = recording("chatflow-fail-blocking");
        assertAlike(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void streamsAnAgent() throws Exception {
        Path http = recording("agent-streaming-no-tool");
        restart("agent-chat");
        assertSameStream(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void refusesToBlockForAnAgent() throws Exception {
        Path http = recording("agent-blocking-refused");
        restart("agent-chat");
        assertSame(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat,chat-stop-mid-stream", "advanced-chat,chatflow-stop-mid-stream"})
    void endsAStoppedStreamAsDifyDoes(String modeAndName) throws Exception {
        String mode = modeAndName.substring(0, modeAndName.indexOf(','));
        Path http = recording(modeAndName.substring(mode.length() + 1));
        restart(mode);
        try (Wire wire = new Wire(dify.url())) {
            wire.send(Recordings.request(http));
            List<String> head = wire.head();
            StringBuilder stream = new StringBuilder();
            String chunk = wire.chunk();
            for (boolean stopped = false; !chunk.isEmpty(); chunk = wire.chunk()) {
                stream.append(chunk);
                if (!stopped && chunk.contains("\"event\":\"message\"")) {
                    stopped = true;
                    String task = Shape.text(chunk.substring("data: ".length()), "task_id");
                    Wire.post(dify, "/chat-messages/" + task + "/stop", "{\"user\":\"u1\"}");
                }
            }
            List<String> chunks = List.of(stream.toString().split("(?<=\n\n)", -1));
            assertSameStream(
                    http,
                    new Response(
                            head.get(0),
                            head.subList(1, head.size()),
                            chunks.stream().filter(part -> !part.isEmpty()).toList()));
        }
    }

    private void restart(String mode) {
        dify.close();
        dify = Recorded.simulator(mode);
    }

    private String ask(String mode, String user) throws IOException {
        String question = Wire.question("Hello?", mode).replace("u1", user);
        Response response = Wire.post(dify, "/chat-messages", question);
        return mode.equals("blocking") ? response.body() : response.events().get(0);
    }

    private void askAgain(String conversation) throws IOException {
        String question = Wire.question("Again?", "blocking");
        Wire.post(
                dify,
                "/chat-messages",
                question.substring(0, question.length() - 1) + ",\"conversation_id\":\"" + conversation + "\"}");
    }
}
