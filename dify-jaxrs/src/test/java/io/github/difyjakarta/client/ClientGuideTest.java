package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.annotation.Annotation;
import io.github.difyjakarta.client.annotation.ReplyJob;
import io.github.difyjakarta.client.annotation.ReplySettings;
import io.github.difyjakarta.client.app.AppParameters;
import io.github.difyjakarta.client.app.InputField;
import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.chat.CompletionRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.conversation.Conversation;
import io.github.difyjakarta.client.conversation.ConversationVariable;
import io.github.difyjakarta.client.conversation.HistoryMessage;
import io.github.difyjakarta.client.conversation.Rating;
import io.github.difyjakarta.client.conversation.SuggestedQuestions;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.HumanInputForm;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.file.InputFile;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.file.UploadedFile;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.DifySimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/client.md: each is run, and each that the page shows is one of them. */
class ClientGuideTest {
    private static final Path SOURCE =
            Path.of("src", "test", "java", "io", "github", "difyjakarta", "client", "ClientGuideTest.java");
    private static final Path GUIDE = Path.of("..", "docs", "client.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)// example\\R(.*?)// end");
    private static final Pattern SHOWN = Pattern.compile("(?s)```java\\R(.*?)```");

    private DifySimulator simulator = DifySimulator.start();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path files;

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void theGuideShowsTheExamplesThatRunAndNoOthers() throws IOException {
        assertThat(blocks(SHOWN, Files.readString(GUIDE)))
                .hasSizeGreaterThan(15)
                .isEqualTo(blocks(EXAMPLE, Files.readString(SOURCE).replace("files.resolve(\"", "Path.of(\"")));
    }

    private static List<String> blocks(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(block -> block.group(1).replaceAll("\\s+", ""))
                .toList();
    }

    private DifyClient client() {
        String url = simulator.url().toString();
        String key = simulator.key();
        // example
        DifyClient dify = DifyClient.create(DifyConfig.of(URI.create(url), new ApiKey(key)));
        // end
        return dify;
    }

    private DifyClient client(DifySimulator other) {
        simulator.close();
        simulator = other;
        return client();
    }

    @Test
    void asks() {
        try (DifyClient dify = client()) {
            // example
            Answer answer = dify.chat().ask(ChatRequest.of("ada", "Where is order 4711?"));
            String text = answer.text();
            // end
            assertThat(text).contains("4711");
        }
    }

    @Test
    void showsTheAnswerAsItGrows() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, UTF_8);
        try (DifyClient dify = client()) {
            // example
            try (DifyStream stream = dify.chat().stream(ChatRequest.of("ada", "Where is order 4711?"))) {
                for (DifyEvent event : stream) {
                    if (event instanceof DifyEvent.Message message) {
                        out.print(message.answer());
                    }
                }
            }
            // end
        }
        assertThat(printed.toString(UTF_8)).contains("4711");
    }

    @Test
    void goesOnWithAConversation() {
        try (DifyClient dify = client()) {
            // example
            Answer first = dify.chat().ask(ChatRequest.of("ada", "Where is order 4711?"));
            String conversation = first.conversationId().orElseThrow();
            Answer second =
                    dify.chat().ask(ChatRequest.of("ada", "And the other one?").inConversation(conversation));
            // end
            assertThat(second.conversationId()).contains(conversation);
            assertThat(second.text()).contains("4711");
        }
    }

    @Test
    void sendsAFileAlong() throws IOException {
        Files.write(files.resolve("invoice.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        try (DifyClient dify = client()) {
            // example
            UploadedFile photo = dify.files().upload("ada", Upload.of(files.resolve("invoice.png")));
            Answer answer = dify.chat()
                    .ask(ChatRequest.of("ada", "What does it say?")
                            .withFile(InputFile.uploaded(InputFile.Type.IMAGE, photo)));
            // end
            assertThat(dify.messages()
                            .history("ada", answer.conversationId().orElseThrow())
                            .get(0)
                            .files())
                    .singleElement()
                    .satisfies(file -> assertThat(file.uploadFileId()).contains(photo.id()));
        }
    }

    @Test
    void stops() {
        try (DifyClient dify = client(
                        DifySimulator.builder().typing(Duration.ofMillis(50)).start());
                DifyStream stream = dify.chat().stream(ChatRequest.of("ada", "Where is order 4711?"))) {
            assertThat(stream.iterator().hasNext()).isTrue();
            // example
            dify.chat().stop("ada", stream.taskId().orElseThrow());
            // end
            assertThat(stream.outcome().toCompletableFuture().join()).isNotNull();
            simulator.awaitRequest(request -> request.path().endsWith("/stop"), Duration.ofSeconds(5));
        }
    }

    @Test
    void readsAndChangesConversations() {
        try (DifyClient dify = client()) {
            String conversation = dify.chat()
                    .ask(ChatRequest.of("ada", "Where is order 4711?"))
                    .conversationId()
                    .orElseThrow();
            // example
            List<String> names =
                    dify.conversations().all("ada").map(Conversation::name).toList();
            List<HistoryMessage> said = dify.messages().history("ada", conversation);
            dify.conversations().rename("ada", conversation, "Order 4711");
            dify.conversations().delete("ada", conversation);
            // end
            assertThat(names).hasSize(1);
            assertThat(said).singleElement().satisfies(turn -> assertThat(turn.query())
                    .contains("4711"));
            assertThat(dify.conversations().all("ada")).isEmpty();
        }
    }

    @Test
    void ratesAndAsksForMore() {
        try (DifyClient dify = client()) {
            String message = dify.chat()
                    .ask(ChatRequest.of("ada", "Where is order 4711?"))
                    .messageId()
                    .orElseThrow();
            // example
            dify.messages().rate("ada", message, Rating.LIKE, "It was right.");
            SuggestedQuestions next = dify.messages().suggested("ada", message);
            dify.messages().revokeRating("ada", message);
            // end
            assertThat(next.enabled()).isTrue();
            assertThat(next.questions()).isNotEmpty();
        }
    }

    @Test
    void readsWhatAChatflowRemembers() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, UTF_8);
        try (DifyClient dify =
                client(DifySimulator.builder().mode("advanced-chat").start())) {
            String conversation = dify.chat()
                    .ask(ChatRequest.of("ada", "Where is order 4711?"))
                    .conversationId()
                    .orElseThrow();
            // example
            for (ConversationVariable variable :
                    dify.conversations().variables("ada", conversation).toList()) {
                out.println(variable.name() + " = " + variable.value());
            }
            // end
        }
        assertThat(printed.toString(UTF_8)).contains(" = ");
    }

    @Test
    void completesAText() {
        try (DifyClient dify = client(DifySimulator.builder().mode("completion").start())) {
            // example
            Answer completed =
                    dify.completions().complete(CompletionRequest.of("ada", Map.of("query", "A haiku about parcels")));
            // end
            assertThat(completed.text()).isNotEmpty();
        }
    }

    @Test
    void runsAWorkflow() {
        try (DifyClient dify = client(DifySimulator.builder().mode("workflow").start())) {
            // example
            Answer result = dify.workflows().run(WorkflowRequest.of("ada", Map.of("query", "Translate: good morning")));
            DifyJson outputs = result.outputs();
            // end
            assertThat(outputs.fields()).isNotEmpty();
        }
    }

    @Test
    void answersAFormAndGoesOn() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, UTF_8);
        try (DifyClient dify =
                client(DifySimulator.builder().mode("advanced-chat").asksHuman().start())) {
            // example
            Answer paused = dify.chat().ask(ChatRequest.of("ada", "Please cancel order 4711"));
            if (paused.outcome() instanceof Outcome.Paused pause) {
                String token = pause.forms().get(0).token().orElseThrow();
                HumanInputForm form = dify.humanInput().form(token);
                dify.humanInput()
                        .submit(
                                "ada",
                                token,
                                form.actions().get(0).id(),
                                Map.of("comment", "Go ahead", "level", "low"));
                out.println(dify.workflows()
                        .attach("ada", pause.workflowRunId())
                        .collect()
                        .text());
            }
            // end
            assertThat(paused.outcome()).isInstanceOf(Outcome.Paused.class);
            assertThat(printed.toString(UTF_8)).contains("4711");
            assertThat(dify.workflows()
                            .detail(((Outcome.Paused) paused.outcome()).workflowRunId())
                            .status()
                            .isFinal())
                    .isTrue();
        }
    }

    @Test
    void hearsAndSpeaks() throws IOException {
        Files.write(files.resolve("question.mp3"), new byte[] {'I', 'D', '3', 4});
        try (DifyClient dify = client()) {
            // example
            String words = dify.audio().transcribe("ada", Upload.of(files.resolve("question.mp3")));
            dify.audio().speak(SpeechRequest.ofText("ada", "Your parcel is on its way."), files.resolve("answer.mp3"));
            // end
            assertThat(words).isNotEmpty();
            assertThat(files.resolve("answer.mp3")).isNotEmptyFile();
        }
    }

    @Test
    void asksTheAppItself() {
        try (DifyClient dify = client()) {
            // example
            AppParameters parameters = dify.app().parameters();
            List<InputField> form = parameters.inputForm();
            String mode = dify.app().info().mode();
            // end
            assertThat(form).isNotNull();
            assertThat(mode).isEqualTo("chat");
        }
    }

    @Test
    void writesAnswersByHand() {
        try (DifyClient dify = client()) {
            // example
            Annotation annotation = dify.annotations().create("When are you open?", "From nine to five.");
            ReplyJob job = dify.annotations().enableReply(new ReplySettings("openai", "text-embedding-3-small", 0.9));
            dify.annotations().update(annotation.id(), "When are you open?", "From nine to six.");
            dify.annotations().delete(annotation.id());
            // end
            assertThat(job.id()).isNotEmpty();
            assertThat(dify.annotations().all()).isEmpty();
        }
    }

    @Test
    void setsOptionsForSingleCalls() {
        try (DifyClient dify = client()) {
            // example
            DifyClient hasty =
                    dify.with(CallOptions.NONE.deadline(Duration.ofSeconds(5)).traceId("order-4711"));
            Answer answer = hasty.chat().ask(ChatRequest.of("ada", "Where is order 4711?"));
            // end
            assertThat(answer.text()).isNotEmpty();
            simulator.awaitRequest(
                    request -> request.path().equals("/chat-messages")
                            && request.header("x-trace-id")
                                    .filter("order-4711"::equals)
                                    .isPresent(),
                    Duration.ofSeconds(5));
        }
    }
}
