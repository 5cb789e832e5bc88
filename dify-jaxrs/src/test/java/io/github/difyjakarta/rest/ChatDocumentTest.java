package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.BlockingBody;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.EventPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A collected stream, written as the document that Dify would have answered with. */
class ChatDocumentTest {
    @Test
    void isReadBackAsTheAnswerItWasMadeOf() throws IOException {
        Answer answer = collected("chat_basic.sse", new Outcome.Completed());
        byte[] document = ChatDocument.of(answer, EventPolicy.ALL);
        Answer read = BlockingBody.read(document);
        assertThat(read.text()).isEqualTo(answer.text()).isNotEmpty();
        assertThat(read.conversationId()).isEqualTo(answer.conversationId()).isPresent();
        assertThat(read.messageId()).isEqualTo(answer.messageId()).isPresent();
        assertThat(read.taskId()).isEqualTo(answer.taskId()).isPresent();
        assertThat(read.usage()).isEqualTo(answer.usage());
        assertThat(new String(document, UTF_8))
                .startsWith("{\"event\":\"message\",")
                .contains("\"mode\":\"chat\"");
    }

    @Test
    void saysThatAChatflowAnswered() throws IOException {
        Answer answer = collected("chatflow_success_1_13_plus.sse", new Outcome.Completed());
        assertThat(new String(ChatDocument.of(answer, EventPolicy.ALL), UTF_8)).contains("\"mode\":\"advanced-chat\"");
    }

    @Test
    void saysThatARunWaitsForAHuman() throws IOException {
        Outcome paused = new Outcome.Paused("run-1", List.of(DifyJson.of(Map.of("TYPE", "human_input_required"))));
        byte[] document = ChatDocument.of(collected("chatflow_paused.sse", paused), EventPolicy.ALL);
        assertThat(new String(document, UTF_8)).startsWith("{\"event\":\"workflow_paused\",");
        assertThat(BlockingBody.read(document).outcome()).isEqualTo(paused);
    }

    @Test
    void leavesOutTheDocumentsAndThoughtsThatAreNotForItsReader() throws IOException {
        Answer answer = collected("chat_basic.sse", new Outcome.Completed());
        Map<String, Object> metadata = Map.of(
                "retriever_resources", List.of(Map.of("content", "secret")), "reasoning", Map.of("node", "secret"));
        DifyFrame end =
                DifyFrame.of(DifyJson.write(Map.of("event", "message_end", "task_id", "t", "metadata", metadata)));
        AnswerCollector collector = new AnswerCollector();
        collector.accept(end.toEvent());

        String document =
                new String(ChatDocument.of(collector.answer(new Outcome.Completed()), EventPolicy.DEFAULT), UTF_8);

        assertThat(document).contains("\"metadata\":{}").doesNotContain("secret");
        assertThat(ChatDocument.of(answer, EventPolicy.DEFAULT))
                .hasSameSizeAs(ChatDocument.of(answer, EventPolicy.ALL));
    }

    private static Answer collected(String file, Outcome outcome) throws IOException {
        AnswerCollector collector = new AnswerCollector();
        try (InputStream stream =
                Objects.requireNonNull(ChatDocumentTest.class.getResourceAsStream("/golden/" + file))) {
            new String(stream.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> DifyFrame.of(line.substring("data: ".length()).getBytes(UTF_8)))
                    .forEach(frame -> collector.accept(frame.toEvent()));
        }
        return collector.answer(outcome);
    }
}
