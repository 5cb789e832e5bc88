package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCall.json;
import static io.github.difyjakarta.client.contract.ClientCall.stream;
import static io.github.difyjakarta.client.contract.ClientCall.yes;
import static io.github.difyjakarta.client.contract.ClientCalls.ID;
import static io.github.difyjakarta.client.contract.ClientCalls.OTHER;
import static io.github.difyjakarta.client.contract.ClientCalls.USER;

import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.chat.CompletionRequest;
import io.github.difyjakarta.client.event.WorkflowStatus;
import io.github.difyjakarta.client.file.InputFile;
import io.github.difyjakarta.client.workflow.LogQuery;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The ways to have something generated, and what belongs to runs. */
final class GenerationCalls {
    private static final InputFile UPLOADED = InputFile.uploaded(InputFile.Type.DOCUMENT, ID);
    private static final InputFile REMOTE =
            InputFile.remote(InputFile.Type.IMAGE, URI.create("https://files.example/a.png"));
    private static final Map<String, Object> INPUTS =
            Map.of("city", "Oslo", "count", 3, "price", 1.5, "express", true, "more", Map.of("a", "b"));

    private static final ChatRequest QUESTION = ChatRequest.of(USER, "Where is my order?");
    private static final ChatRequest FULL_QUESTION = QUESTION.inConversation(OTHER)
            .withInputs(INPUTS)
            .withFile(UPLOADED)
            .withFile(REMOTE)
            .withoutAutomaticName()
            .toVersion(ID);

    private static final CompletionRequest TEXT = CompletionRequest.of(USER, Map.of());
    private static final CompletionRequest FULL_TEXT = CompletionRequest.of(USER, INPUTS)
            .withQuery("A haiku")
            .withFile(UPLOADED)
            .withFile(REMOTE);

    private static final WorkflowRequest RUN = WorkflowRequest.of(USER, Map.of());
    private static final WorkflowRequest FULL_RUN = WorkflowRequest.of(USER, INPUTS)
            .withFileInput("document", UPLOADED)
            .withFileInput("documents", UPLOADED, REMOTE)
            .withFile(UPLOADED)
            .withFile(REMOTE);

    private GenerationCalls() {}

    static List<ClientCall> all() {
        return Stream.of(chat(), completions(), workflows(), versions(), runs(), forms())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ClientCall> chat() {
        String chat = "POST /chat-messages";
        return List.of(
                json(chat, "blocking", dify -> dify.chat().askUnstreamed(QUESTION)),
                json(chat, "blocking, full", dify -> dify.chat().askUnstreamed(FULL_QUESTION)),
                stream(chat, "streaming", dify -> dify.chat().ask(QUESTION)),
                stream(chat, "streaming, full", dify -> dify.chat().stream(FULL_QUESTION)
                        .collect()),
                yes(chat + "/{task_id}/stop", "plain", dify -> dify.chat().stop(USER, ID)));
    }

    private static List<ClientCall> completions() {
        String completions = "POST /completion-messages";
        return List.of(
                json(completions, "blocking", dify -> dify.completions().completeUnstreamed(TEXT)),
                json(completions, "blocking, full", dify -> dify.completions().completeUnstreamed(FULL_TEXT)),
                stream(completions, "streaming", dify -> dify.completions().complete(TEXT)),
                stream(completions, "streaming, full", dify -> dify.completions().stream(FULL_TEXT)
                        .collect()),
                yes(completions + "/{task_id}/stop", "plain", dify -> dify.completions()
                        .stop(USER, ID)));
    }

    private static List<ClientCall> workflows() {
        String run = "POST /workflows/run";
        return List.of(
                json(run, "blocking", dify -> dify.workflows().runUnstreamed(RUN)),
                json(run, "blocking, full", dify -> dify.workflows().runUnstreamed(FULL_RUN)),
                stream(run, "followed", dify -> dify.workflows().run(RUN)),
                stream(run, "streaming, full", dify -> dify.workflows().stream(FULL_RUN)
                        .collect()),
                yes("POST /workflows/tasks/{task_id}/stop", "plain", dify -> dify.workflows()
                        .stop(USER, ID)));
    }

    private static List<ClientCall> versions() {
        String run = "POST /workflows/{workflow_id}/run";
        return List.of(
                json(run, "blocking", dify -> dify.workflows().runUnstreamed(RUN.toVersion(ID))),
                json(run, "blocking, full", dify -> dify.workflows().runUnstreamed(FULL_RUN.toVersion(ID))),
                stream(run, "followed", dify -> dify.workflows().run(RUN.toVersion(ID))),
                stream(run, "streaming, full", dify -> dify.workflows().stream(FULL_RUN.toVersion(ID))
                        .collect()));
    }

    private static List<ClientCall> runs() {
        String logs = "GET /workflows/logs";
        String events = "GET /workflow/{workflow_run_id}/events";
        LogQuery full = LogQuery.ALL
                .keyword("parcel & more")
                .status(WorkflowStatus.SUCCEEDED)
                .before(Instant.parse("2026-02-01T00:00:00Z"))
                .after(Instant.parse("2026-01-01T00:00:00.5Z"))
                .ofUser(USER)
                .ofAccount("ada@example.com");
        return List.of(
                json(logs, "a page", dify -> dify.workflows().logsAsync(LogQuery.ALL, 1, 20)),
                json(logs, "all of one kind", dify -> dify.workflows()
                        .logs(full)
                        .toList()),
                json("GET /workflows/run/{workflow_run_id}", "plain", dify -> dify.workflows()
                        .detail(ID)),
                stream(events, "joined", dify -> dify.workflows()
                        .attach(USER, ID)
                        .collect()),
                stream(events, "without snapshot", dify -> dify.workflows()
                        .attach(USER, ID, false, true)
                        .collect()));
    }

    private static List<ClientCall> forms() {
        String form = "/form/human_input/{form_token}";
        return List.of(
                json("GET " + form, "plain", dify -> dify.humanInput().form("tok/en")),
                yes("POST " + form, "without inputs", dify -> dify.humanInput()
                        .submit(USER, "token", "approve", Map.of())),
                yes("POST " + form, "full", dify -> dify.humanInput()
                        .submit(USER, "token", "approve", Map.of("comment", "Fine", "file", UPLOADED.toMap()))));
    }
}
