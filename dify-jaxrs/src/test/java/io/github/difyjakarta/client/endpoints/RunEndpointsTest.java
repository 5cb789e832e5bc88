package io.github.difyjakarta.client.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.chat.CompletionRequest;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.conversation.ConversationVariable;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.HumanInputForm;
import io.github.difyjakarta.client.event.NodeEvent;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.WorkflowStatus;
import io.github.difyjakarta.client.workflow.LogQuery;
import io.github.difyjakarta.client.workflow.RunDetail;
import io.github.difyjakarta.client.workflow.RunLog;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.DifySimulatorBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint of workflow, chatflow, completion and agent apps, on every generation of Dify. */
class RunEndpointsTest {
    private static final Map<String, Object> INPUTS = Map.of("query", "Where is order 4711?");

    static Stream<Target> workflows() {
        return Target.of(AppMode.WORKFLOW);
    }

    static Stream<Target> chatflows() {
        return Target.of(AppMode.ADVANCED_CHAT);
    }

    static Stream<Target> completions() {
        return Target.of(AppMode.COMPLETION);
    }

    static Stream<Target> agents() {
        return Target.of(AppMode.AGENT_CHAT);
    }

    // ---- workflows

    @ParameterizedTest
    @MethodSource("workflows")
    void runsAWorkflowStreamedAsAWholeAndInOnePiece(Target target) throws Throwable {
        target.visit(at -> {
            WorkflowRequest request = WorkflowRequest.of(at.user(), INPUTS);
            boolean nodes = false;
            try (DifyStream stream = at.dify().workflows().stream(request)) {
                for (DifyEvent event : stream) {
                    nodes |= event instanceof NodeEvent;
                }
            }
            assertThat(nodes).isTrue();
            Answer whole = at.dify().workflows().run(request);
            assertThat(whole.outputs().fields()).isNotEmpty();
            Answer unstreamed = at.dify().workflows().runUnstreamed(request);
            assertThat(unstreamed.outputs().fields()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void findsARunAgainByItsId(Target target) throws Throwable {
        target.visit(at -> {
            Answer answer = at.dify().workflows().run(WorkflowRequest.of(at.user(), INPUTS));
            String run = answer.workflowRunId().orElseThrow();
            RunDetail detail = at.dify().workflows().await(run, Duration.ofSeconds(20));
            assertThat(detail.status()).isEqualTo(WorkflowStatus.SUCCEEDED);
            assertThat(detail.inputs().text("query")).isEqualTo("Where is order 4711?");
            assertThat(detail.outputs()).isEqualTo(answer.outputs());
            List<RunLog> logs = at.dify()
                    .workflows()
                    .logs(LogQuery.ALL.ofUser(at.user()).status(WorkflowStatus.SUCCEEDED))
                    .toList();
            assertThat(logs).extracting(RunLog::runId).contains(run);
            at.since("1.14.0", () -> {
                Answer again = at.dify().workflows().attach(at.user(), run).collect();
                assertThat(again.outputs()).isEqualTo(answer.outputs());
            });
        });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void runsTheVersionThatIsAskedFor(Target target) throws Throwable {
        target.visit(at -> {
            Answer answer = at.dify().workflows().run(WorkflowRequest.of(at.user(), INPUTS));
            String version = answer.run().orElseThrow().workflowId();
            assertThat(at.dify()
                            .workflows()
                            .run(WorkflowRequest.of(at.user(), INPUTS).toVersion(version))
                            .outputs()
                            .fields())
                    .isNotEmpty();
            assertThatThrownBy(() -> at.dify()
                            .workflows()
                            .run(WorkflowRequest.of(at.user(), INPUTS)
                                    .toVersion(UUID.randomUUID().toString())))
                    .isInstanceOfSatisfying(DifyApiException.class, refused -> assertThat(refused.status())
                            .isEqualTo(404));
        });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void stopsAWorkflow(Target target) throws Throwable {
        target.visit(at -> {
            try (DifyStream stream = at.dify().workflows().stream(WorkflowRequest.of(at.user(), INPUTS))) {
                assertThat(stream.iterator().hasNext()).isTrue();
                stream.stop();
                assertThat(stream.outcome().toCompletableFuture().get())
                        .isInstanceOfAny(Outcome.Stopped.class, Outcome.Completed.class);
            }
            at.dify().workflows().stop(at.user(), UUID.randomUUID().toString());
        });
    }

    // ---- chatflows

    @ParameterizedTest
    @MethodSource("chatflows")
    void asksAChatflowStreamedAsAWholeAndInOnePiece(Target target) throws Throwable {
        target.visit(at -> {
            ChatRequest question = ChatRequest.of(at.user(), "Where is order 4711?");
            Answer whole = at.dify().chat().ask(question);
            assertThat(whole.text()).isNotBlank();
            assertThat(whole.workflowRunId()).isPresent();
            assertThat(at.dify().chat().askUnstreamed(question).text()).isNotBlank();
            RunDetail detail =
                    at.dify().workflows().detail(whole.workflowRunId().orElseThrow());
            assertThat(detail.status()).isEqualTo(WorkflowStatus.SUCCEEDED);
        });
    }

    @ParameterizedTest
    @MethodSource("chatflows")
    void fillsInAFormAndFollowsTheRunToItsEnd(Target target) throws Throwable {
        assumeFalse(target.isLive(), "a real app need not ask people");
        assumeTrue(
                target.version()
                        .filter(release -> release.compareTo("1.14") >= 0)
                        .isPresent(),
                "since Dify 1.14");
        target.visit(DifySimulatorBuilder::asksHuman, at -> {
            Answer paused = at.dify().chat().ask(ChatRequest.of(at.user(), "Where is order 4711?"));
            assertThat(paused.outcome()).isInstanceOf(Outcome.Paused.class);
            Outcome.Paused pause = (Outcome.Paused) paused.outcome();
            String token = pause.forms().get(0).token().orElseThrow();
            HumanInputForm form = at.dify().humanInput().form(token);
            assertThat(form.inputs()).isNotEmpty();
            at.dify()
                    .humanInput()
                    .submit(at.user(), token, form.actions().get(0).id(), Map.of("comment", "Yes", "level", "low"));
            Answer answer = at.dify()
                    .workflows()
                    .attach(at.user(), pause.workflowRunId())
                    .collect();
            assertThat(answer.outcome()).isEqualTo(new Outcome.Completed());
            assertThat(answer.outputAnswer()).isPresent();
            assertThatThrownBy(() -> at.dify().humanInput().form(token))
                    .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                        assertThat(refused.status()).isEqualTo(412);
                        assertThat(refused.code()).isEqualTo("human_input_form_submitted");
                    });
        });
    }

    @ParameterizedTest
    @MethodSource("chatflows")
    void readsAndSetsVariables(Target target) throws Throwable {
        target.visit(at -> {
            String conversation = at.dify()
                    .chat()
                    .ask(ChatRequest.of(at.user(), "Where is order 4711?"))
                    .conversationId()
                    .orElseThrow();
            List<ConversationVariable> variables =
                    at.dify().conversations().variables(at.user(), conversation).toList();
            for (ConversationVariable variable : variables) {
                if (variable.valueType().equals("string")) {
                    at.since("1.7.2", () -> {
                        at.dify()
                                .conversations()
                                .updateVariable(at.user(), conversation, variable.id(), "set by a test");
                        assertThat(at.dify()
                                        .conversations()
                                        .variable(at.user(), conversation, variable.name())
                                        .orElseThrow()
                                        .value())
                                .isEqualTo("set by a test");
                    });
                }
            }
            assertThat(variables.isEmpty() && !at.target().isLive()).isFalse();
        });
    }

    // ---- completions and agents

    @ParameterizedTest
    @MethodSource("completions")
    void completesATextStreamedAsAWholeAndInOnePiece(Target target) throws Throwable {
        target.visit(at -> {
            CompletionRequest request = CompletionRequest.of(at.user(), INPUTS).withQuery("Where is order 4711?");
            assertThat(at.dify().completions().complete(request).text()).isNotBlank();
            assertThat(at.dify().completions().completeUnstreamed(request).text())
                    .isNotBlank();
            try (DifyStream stream = at.dify().completions().stream(request)) {
                assertThat(stream.iterator().hasNext()).isTrue();
                stream.stop();
                assertThat(stream.outcome().toCompletableFuture().get())
                        .isInstanceOfAny(Outcome.Stopped.class, Outcome.Completed.class);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("agents")
    void asksAnAgentAndKeepsItsThoughts(Target target) throws Throwable {
        target.visit(at -> {
            Answer answer = at.dify().chat().ask(ChatRequest.of(at.user(), "Where is order 4711?"));
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.thoughts()).isNotEmpty();
            assertThatThrownBy(() -> at.dify().chat().askUnstreamed(ChatRequest.of(at.user(), "Where is order 4711?")))
                    .isInstanceOfSatisfying(DifyApiException.class, refused -> assertThat(refused.status())
                            .isEqualTo(400));
        });
    }
}
