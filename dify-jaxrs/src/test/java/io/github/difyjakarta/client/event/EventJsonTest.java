package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.json.DifyJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {
    @Test
    void readsTheEventsThatNoRecordingHas() {
        assertThat(
                        event(
                                "{\"event\":\"text_replace\",\"workflow_run_id\":\"r\",\"task_id\":\"t\",\"data\":{\"text\":\"all\"}}"))
                .isInstanceOfSatisfying(WorkflowEvent.TextReplace.class, replacement -> {
                    assertThat(replacement.text()).isEqualTo("all");
                    assertThat(replacement.workflowRunId()).isEqualTo("r");
                });
        assertThat(event(
                        "{\"event\":\"human_input_form_timeout\",\"workflow_run_id\":\"r\",\"data\":{\"node_id\":\"n\","
                                + "\"node_title\":\"Ask\",\"expiration_time\":1753129600}}"))
                .isInstanceOfSatisfying(HumanInputEvent.TimedOut.class, late -> {
                    assertThat(late.nodeTitle()).isEqualTo("Ask");
                    assertThat(late.expiredAt()).contains(Instant.ofEpochSecond(1_753_129_600));
                });
        assertThat(event("{\"event\":\"human_input_form_filled\",\"workflow_run_id\":\"r\",\"data\":{\"node_id\":\"n\","
                        + "\"node_title\":\"Ask\",\"rendered_content\":\"Fine\",\"action_id\":\"approve\","
                        + "\"action_text\":\"Approve\",\"submitted_data\":{\"comment\":\"good\"}}}"))
                .isInstanceOfSatisfying(HumanInputEvent.Filled.class, filled -> {
                    assertThat(filled.actionId()).isEqualTo("approve");
                    assertThat(filled.submittedData().text("comment")).isEqualTo("good");
                });
    }

    @Test
    void readsTheBranchesOfOldServers() {
        String data =
                "\"data\":{\"parallel_id\":\"p\",\"parallel_branch_id\":\"b\",\"iteration_id\":\"i\",\"created_at\":1";
        assertThat(event("{\"event\":\"parallel_branch_started\",\"workflow_run_id\":\"r\"," + data + "}}"))
                .isInstanceOfSatisfying(BranchEvent.Started.class, started -> {
                    assertThat(started.branch().branchId()).isEqualTo("b");
                    assertThat(started.branch().iterationId()).contains("i");
                    assertThat(started.branch().loopId()).isEmpty();
                });
        assertThat(event("{\"event\":\"parallel_branch_finished\",\"workflow_run_id\":\"r\"," + data
                        + ",\"status\":\"failed\",\"error\":\"no\"}}"))
                .isInstanceOfSatisfying(BranchEvent.Finished.class, finished -> {
                    assertThat(finished.status()).isEqualTo(NodeStatus.FAILED);
                    assertThat(finished.error()).contains("no");
                });
    }

    @Test
    void readsTheEventsOfADatasource() {
        assertThat(event("{\"event\":\"datasource_processing\",\"total\":3,\"completed\":1}"))
                .isInstanceOfSatisfying(DatasourceEvent.Processing.class, progress -> {
                    assertThat(progress.total()).hasValue(3);
                    assertThat(progress.completed()).hasValue(1);
                });
        for (String data : List.of("[{\"title\":\"x\"}]", "{\"title\":\"x\"}")) {
            assertThat(event("{\"event\":\"datasource_completed\",\"data\":" + data + ",\"time_consuming\":0.5}"))
                    .isInstanceOfSatisfying(DatasourceEvent.Completed.class, completed -> {
                        assertThat(completed.data()).containsExactly(DifyJson.of(Map.of("title", "x")));
                        assertThat(completed.seconds()).isEqualTo(0.5);
                        assertThat(completed.total()).isEmpty();
                    });
        }
        assertThat(event("{\"event\":\"datasource_error\",\"error\":\"gone\"}"))
                .isInstanceOfSatisfying(DatasourceEvent.Failed.class, failed -> assertThat(failed.error())
                        .isEqualTo("gone"));
    }

    @Test
    void readsTextThatOldServersCallAFileAsText() {
        DifyEvent event = DifyFrame.of(
                        "{\"event\":\"message_file\",\"id\":\"m\",\"answer\":\"a\",\"from_variable_selector\":[\"n\"]}"
                                .getBytes(UTF_8))
                .toEvent();
        assertThat(event).isInstanceOfSatisfying(DifyEvent.Message.class, message -> {
            assertThat(message.answer()).isEqualTo("a");
            assertThat(message.id()).isEqualTo("m");
            assertThat(message.fromVariableSelector()).containsExactly("n");
        });
    }

    @Test
    void leavesWhatItDoesNotKnowAsItIs() {
        DifyEvent other = event("{\"event\":\"workflow_maintenance_paused\",\"task_id\":\"t\",\"x\":{\"y\":1}}");
        assertThat(other).isInstanceOf(DifyEvent.Other.class);
        assertThat(other.name()).isEqualTo("workflow_maintenance_paused");
        assertThat(other.fields().object("x").number("y")).isEqualTo(1);
    }

    @Test
    void keepsFieldsThatNoRecordNames() {
        DifyEvent started = event("{\"event\":\"node_started\",\"workflow_run_id\":\"r\",\"task_id\":\"t\",\"new\":1,"
                + "\"data\":{\"id\":\"e\",\"parallel_id\":\"p\",\"status\":\"waiting\"}}");
        assertThat(started.fields().number("new")).isEqualTo(1);
        assertThat(started).isInstanceOfSatisfying(NodeEvent.Started.class, event -> {
            assertThat(event.node().json().text("parallel_id")).isEqualTo("p");
            assertThat(event.node().status()).isEqualTo(new NodeStatus("waiting"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "message",
                "agent_message",
                "message_replace",
                "message_file",
                "agent_thought",
                "message_end",
                "tts_message",
                "tts_message_end",
                "error",
                "workflow_started",
                "workflow_finished",
                "workflow_paused",
                "text_chunk",
                "text_replace",
                "reasoning_chunk",
                "node_started",
                "node_finished",
                "node_retry",
                "agent_log",
                "iteration_started",
                "iteration_next",
                "iteration_completed",
                "loop_started",
                "loop_next",
                "loop_completed",
                "parallel_branch_started",
                "parallel_branch_finished",
                "human_input_required",
                "human_input_form_filled",
                "human_input_form_timeout",
                "datasource_processing",
                "datasource_completed",
                "datasource_error"
            })
    void survivesAbsentAndNullFields(String name) {
        for (String rest : List.of(
                "",
                ",\"data\":null,\"metadata\":null,\"files\":null,\"id\":null,\"answer\":null",
                ",\"data\":{\"outputs\":[],\"files\":{},\"created_by\":null,\"reasons\":null,\"inputs\":\"x\"}",
                ",\"data\":7,\"metadata\":\"\",\"files\":\"\"")) {
            DifyEvent event = event("{\"event\":\"" + name + "\",\"task_id\":\"t\"" + rest + "}");
            assertThat(event).isNotInstanceOf(DifyEvent.Other.class);
            Reachable.from(event);
        }
    }

    @Test
    void quotesNothingOfAnEventThatIsCutOff() {
        DifyFrame frame = DifyFrame.of(
                "{\"event\":\"message_end\",\"message_id\":\"m\",\"task_id\":\"t\",\"x\":\"secret".getBytes(UTF_8));
        assertThatThrownBy(frame::toEvent)
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("message_end")
                .hasMessageNotContaining("secret");
    }

    @Test
    void readsIdsThatStandBehindTheData() {
        DifyEvent joined = event("{\"event\":\"message_replace\",\"task_id\":\"t\",\"answer\":\"\",\"reason\":\"\","
                + "\"conversation_id\":\"c\",\"message_id\":\"m\",\"created_at\":1795487872}");
        assertThat(joined.conversationId()).contains("c");
        assertThat(joined.messageId()).contains("m");
        assertThat(joined.createdAt()).contains(Instant.ofEpochSecond(1_795_487_872));
    }

    @Test
    void tellsTheSourceOfAPieceOfText() {
        assertThat(event("{\"event\":\"message\",\"message_id\":\"m\",\"task_id\":\"t\",\"id\":\"m\",\"answer\":\"a\","
                        + "\"from_variable_selector\":[\"llm\",\"text\"]}"))
                .isInstanceOfSatisfying(DifyEvent.Message.class, message -> assertThat(message.fromVariableSelector())
                        .containsExactly("llm", "text"));
        assertThat(event("{\"event\":\"text_chunk\",\"workflow_run_id\":\"r\",\"task_id\":\"t\","
                        + "\"data\":{\"text\":\"a\",\"from_variable_selector\":null}}"))
                .isInstanceOfSatisfying(WorkflowEvent.TextChunk.class, chunk -> assertThat(chunk.fromVariableSelector())
                        .isEmpty());
    }

    @Test
    void readsAllOfTheUsage() {
        DifyEvent.MessageEnd end = last(Transcripts.golden("chat_basic.sse"), DifyEvent.MessageEnd.class);
        assertThat(end.usage().promptTokens()).isPositive();
        assertThat(end.usage().promptUnitPrice()).isEqualTo(new BigDecimal("0.001"));
        assertThat(end.usage().completionPrice()).isPositive();
        assertThat(end.usage().secondsToFirstToken()).isPresent();
    }

    @Test
    void readsTheDocumentsThatAnAnswerRestsOn() {
        DifyEvent.MessageEnd end = last(Transcripts.recorded("chat-retriever-resources"), DifyEvent.MessageEnd.class);
        assertThat(end.metadata().retrieverResources()).isNotEmpty().allSatisfy(resource -> {
            assertThat(resource.position()).isPositive();
            assertThat(resource.documentName()).isNotEmpty();
            assertThat(resource.content()).isNotEmpty();
            assertThat(resource.score()).isPositive();
            assertThat(resource.page()).isEqualTo(OptionalLong.empty());
        });
    }

    @Test
    void readsTheFormsOfAPause() {
        WorkflowEvent.Paused paused = last(Transcripts.golden("workflow_paused.sse"), WorkflowEvent.Paused.class);
        assertThat(paused.pausedNodes()).containsExactly("hi");
        assertThat(paused.run().status()).isEqualTo(WorkflowStatus.PAUSED);
        assertThat(paused.run().id()).isEqualTo(paused.workflowRunId());
        assertThat(paused.forms()).singleElement().satisfies(form -> {
            assertThat(form.token()).contains("w1dget-form-token-0001");
            assertThat(form.content()).startsWith("Please");
            assertThat(form.expiresAt()).contains(Instant.ofEpochSecond(1_753_129_600));
            assertThat(form.actions()).extracting(FormAction::id).containsExactly("approve", "reject");
            assertThat(form.inputs()).singleElement().satisfies(input -> {
                assertThat(input.name()).isEqualTo("comment");
                assertThat(input.type()).isEqualTo("paragraph");
                assertThat(input.defaultValue().orElseThrow().type()).isEqualTo("constant");
                assertThat(input.options()).isEmpty();
            });
        });
        assertThat(paused.reasons()).hasSize(1);
    }

    @Test
    void readsTheOptionsOfASelect() {
        WorkflowEvent.Paused paused = last(Transcripts.recorded("workflow-human-pause"), WorkflowEvent.Paused.class);
        List<FormInput> inputs = paused.forms().get(0).inputs();
        assertThat(inputs)
                .filteredOn(input -> input.type().equals("select"))
                .singleElement()
                .satisfies(select ->
                        assertThat(select.options().orElseThrow().values()).isNotEmpty());
    }

    private static <E extends DifyEvent> E last(List<DifyEvent> events, Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static DifyEvent event(String json) {
        return DifyFrame.of(json.getBytes(UTF_8)).toEvent();
    }
}
