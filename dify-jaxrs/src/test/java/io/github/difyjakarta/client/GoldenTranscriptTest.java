package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.BlockingBody;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden transcript over a real connection: its outcome, its bytes, its answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenTranscriptTest {
    private static final ChatRequest QUESTION = ChatRequest.of("abc-123", "Hello?");

    private final DifySimulator dify = DifySimulator.start();
    private final DifyClient client = DifyClient.create(DifyConfig.of(dify.url(), new ApiKey(dify.key())));

    @BeforeAll
    void answerWhatIsAskedOnce() {
        dify.nextAt("GET", "/info", Script.json(200, "{\"name\":\"x\"}"));
    }

    @AfterAll
    void close() {
        client.close();
        dify.close();
    }

    static List<Golden> streams() {
        return Golden.streams().toList();
    }

    static List<Golden> blockingBodies() {
        return Golden.blockingBodies().toList();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void endsWithTheDocumentedOutcome(Golden golden) throws Exception {
        dify.next(Script.transcript(golden.bytes()));
        try (DifyStream stream = client.chat().stream(QUESTION)) {
            List<DifyEvent> events = new ArrayList<>();
            if (golden.outcome().equals("failed") || golden.outcome().equals("truncated")) {
                assertThatThrownBy(() -> stream.forEach(events::add)).isInstanceOf(DifyException.class);
            } else {
                stream.forEach(events::add);
            }
            assertThat(outcomeOf(stream)).isEqualTo(golden.outcome());
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void keepsEveryEventsJsonToTheByte(Golden golden) throws Exception {
        dify.next(Script.transcript(golden.bytes()).splitEvery(13));
        try (DifyStream stream = client.chat().stream(QUESTION)) {
            List<String> received = new ArrayList<>();
            stream.frames().subscribe(new Recorder<>((DifyFrame frame) -> received.add(frame.json())));
            outcomeOf(stream);
            List<String> sent = new String(golden.bytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .toList();
            assertThat(received).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @MethodSource("blockingBodies")
    void readsTheOutcomeOfABlockingBody(Golden golden) {
        Answer answer = BlockingBody.read(golden.bytes());
        assertThat(name(answer.outcome())).isEqualTo(golden.outcome());
    }

    @Test
    void joinsThePiecesOfAChat() {
        assertThat(answerOf("chat_basic.sse").text()).isEqualTo(textOf("chat_basic.sse"));
        assertThat(answerOf("chat_basic.sse").usage().totalTokens()).isPositive();
    }

    @Test
    void takesAReplacementForAllThatCameBefore() {
        String text = answerOf("chat_moderation_replace.sse").text();
        assertThat(text).isEqualTo(lastAnswer("chat_moderation_replace.sse", "message_replace"));
    }

    @Test
    void takesTheClosingMessageOfANewAgentOnce() {
        assertThat(answerOf("new_agent_1_16.sse").text()).isEqualTo(lastAnswer("new_agent_1_16.sse", "message"));
    }

    @Test
    void readsTextThatOldServersCallAFile() {
        assertThat(answerOf("chat_message_file_as_text.sse").text()).isNotBlank();
    }

    @Test
    void readsTheSameTextFromTheOldEncoding() {
        assertThat(answerOf("chat_old_encoding.sse").text())
                .doesNotContain("\\u")
                .isNotBlank();
    }

    private static Answer answerOf(String file) {
        AnswerCollector collector = new AnswerCollector();
        frames(file).forEach(frame -> collector.accept(frame.toEvent()));
        return collector.answer(new Outcome.Completed());
    }

    private static List<DifyFrame> frames(String file) {
        Golden golden = Golden.streams()
                .filter(each -> each.file().equals(file))
                .findFirst()
                .orElseThrow();
        return new String(golden.bytes(), UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> DifyFrame.of(line.substring("data: ".length()).getBytes(UTF_8)))
                .toList();
    }

    private static String textOf(String file) {
        StringBuilder text = new StringBuilder();
        for (DifyFrame frame : frames(file)) {
            if (frame.toEvent() instanceof DifyEvent.Message message) {
                text.append(message.answer());
            }
        }
        return text.toString();
    }

    private static String lastAnswer(String file, String name) {
        DifyFrame last = frames(file).stream()
                .filter(frame -> frame.name().equals(name))
                .reduce((first, second) -> second)
                .orElseThrow();
        return last.toEvent() instanceof DifyEvent.Message message
                ? message.answer()
                : ((DifyEvent.MessageReplace) last.toEvent()).answer();
    }

    private static String outcomeOf(DifyStream stream) throws Exception {
        try {
            return name(stream.outcome().toCompletableFuture().get(10, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new AssertionError("the stream did not end", e);
        }
    }

    private static String name(Outcome outcome) {
        return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
