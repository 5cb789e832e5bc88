package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockingBodyTest {
    @Test
    void readsAChat() {
        Answer answer = BlockingBody.read(Transcripts.goldenBytes("chat_blocking.json"));
        assertThat(answer.text()).isEqualTo("Hello");
        assertThat(answer.usage().totalTokens()).isEqualTo(42);
        assertThat(answer.conversationId()).isPresent();
        assertThat(answer.workflowRunId()).isEmpty();
        assertThat(answer.run()).isEmpty();
        assertThat(answer.json().text("mode")).isEqualTo("chat");
    }

    @Test
    void readsAWorkflow() {
        Answer answer = BlockingBody.read(Transcripts.goldenBytes("workflow_blocking.json"));
        assertThat(answer.run().orElseThrow().status()).isEqualTo(WorkflowStatus.SUCCEEDED);
        assertThat(answer.run().orElseThrow().id())
                .isEqualTo(answer.workflowRunId().orElseThrow());
        assertThat(answer.outputs().isEmpty()).isFalse();
    }

    @Test
    void tellsAWorkflowThatFailed() {
        Answer answer = BlockingBody.read(Transcripts.goldenBytes("workflow_blocking_failed.json"));
        assertThat(answer.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.message())
                .isEqualTo(answer.run().orElseThrow().error().orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chatflow_blocking_paused.json", "workflow_blocking_paused.json"})
    void readsTheFormsOfARunThatWaits(String file) {
        assertThatItWaits(BlockingBody.read(Transcripts.goldenBytes(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chatflow-human-blocking", "workflow-human-blocking"})
    void readsTheFormsOfARunThatWaitedForReal(String recording) {
        assertThatItWaits(BlockingBody.read(Transcripts.recordedBody(recording)));
    }

    private static void assertThatItWaits(Answer answer) {
        assertThat(answer.outcome()).isInstanceOfSatisfying(Outcome.Paused.class, paused -> {
            assertThat(paused.workflowRunId())
                    .isEqualTo(answer.workflowRunId().orElseThrow())
                    .isEqualTo(answer.run().orElseThrow().id());
            assertThat(paused.forms()).singleElement().satisfies(form -> {
                assertThat(form.token()).isPresent();
                assertThat(form.actions()).extracting(FormAction::id).contains("approve");
                assertThat(form.expiresAt()).isPresent();
            });
        });
        assertThat(answer.usage()).isEqualTo(Usage.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "<html>secret</html>", "{\"answer\":\"secret"})
    void quotesNothingOfWhatIsNoAnswer(String body) {
        assertThatThrownBy(() -> BlockingBody.read(body.getBytes(UTF_8)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageNotContaining("secret");
    }
}
