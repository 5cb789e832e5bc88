package io.github.difyjakarta.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.difyjakarta.it.host.BearerNames;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.imfangs.dify.client.DifyChatClient;
import io.github.imfangs.dify.client.DifyClientFactory;
import io.github.imfangs.dify.client.DifyCompletionClient;
import io.github.imfangs.dify.client.DifyWorkflowClient;
import io.github.imfangs.dify.client.callback.ChatStreamCallback;
import io.github.imfangs.dify.client.enums.ResponseMode;
import io.github.imfangs.dify.client.event.MessageEndEvent;
import io.github.imfangs.dify.client.event.MessageEvent;
import io.github.imfangs.dify.client.exception.DifyApiException;
import io.github.imfangs.dify.client.model.chat.ChatMessage;
import io.github.imfangs.dify.client.model.chat.ChatMessageResponse;
import io.github.imfangs.dify.client.model.completion.CompletionRequest;
import io.github.imfangs.dify.client.model.file.FileUploadRequest;
import io.github.imfangs.dify.client.model.workflow.WorkflowRunRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that others wrote for Dify, at the relay, with its address in place of Dify's and a token of the host's in place of
 * the key. They send a body with {@code DELETE}, which the server must be told to allow.
 */
@Timeout(180)
class ForeignClientsIT {
    private static final Path BUILD =
            Path.of(System.getProperty("build.directory", "target")).toAbsolutePath();

    private static final DifySimulator CHAT =
            DifySimulator.builder().mode("advanced-chat").typing(Duration.ZERO).start();
    private static final DifySimulator TEXT =
            DifySimulator.builder().mode("completion").typing(Duration.ZERO).start();
    private static final DifySimulator FLOW =
            DifySimulator.builder().mode("workflow").typing(Duration.ZERO).start();

    private static final PayaraServer SERVER = start();

    private static PayaraServer start() {
        try {
            Path allowing = Files.writeString(
                    Files.createDirectories(BUILD).resolve("bodies-of-delete.txt"),
                    PayaraServer.LOOPBACK_ONLY
                            + "set configs.config.server-config.network-config.protocols.protocol.http-listener.http"
                            + ".allow-payload-for-undefined-http-methods=true\n");
            return PayaraServer.start("foreign", Map.of(), "--prebootcommandfile", allowing.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void deploy() {
        SERVER.deploy(war());
    }

    private static WebArchive war() {
        Map<String, String> settings = Wars.with(
                Wars.settings(CHAT),
                "dify.relay.endpoints",
                "chat,conversations,messages,feedback,suggested,app,files,completion,workflow,audio",
                // They are no browsers, and name no origin.
                "dify.relay.allow-missing-origin",
                "true");
        Map<String, String> all =
                Wars.withApp(Wars.withApp(settings, "text", TEXT, "completion"), "flow", FLOW, "workflow");
        return Wars.plain("foreign.war", all).addClass(BearerNames.class);
    }

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
        CHAT.close();
        TEXT.close();
        FLOW.close();
    }

    private static String base() {
        return "http://127.0.0.1:" + SERVER.port() + "/foreign/dify";
    }

    @Test
    void difysOwnClientForJavaScript() throws Exception {
        Path node = Tools.find("node", "nodejs");
        Path npm = Tools.find("npm", "npm");
        Path directory = Files.createDirectories(BUILD.resolve("foreign"));
        for (String file : List.of("package.json", "package-lock.json", "client.mjs")) {
            copy(file, directory);
        }
        run(directory, npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");

        String output = run(directory, node.toString(), "client.mjs", base(), "ada");

        assertThat(output.lines())
                .containsExactly(
                        "done parameters",
                        "done streaming",
                        "done conversation",
                        "done upload",
                        "done completion",
                        "done workflow");
    }

    private static void copy(String name, Path directory) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(ForeignClientsIT.class.getResourceAsStream("/foreign/" + name), name)) {
            Files.copy(file, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output.log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("%s ends", command[0])
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    @Test
    void aClientForJavaStreamsAnswersAndKeepsConversations() throws Exception {
        try (DifyChatClient client = DifyClientFactory.createChatClient(base() + "/default", "app-bob")) {
            CompletableFuture<String> end = new CompletableFuture<>();
            StringBuilder streamed = new StringBuilder();
            client.sendChatMessageStream(question(ResponseMode.STREAMING), new ChatStreamCallback() {
                @Override
                public void onMessage(MessageEvent event) {
                    streamed.append(event.getAnswer());
                }

                @Override
                public void onMessageEnd(MessageEndEvent event) {
                    end.complete(event.getConversationId());
                }

                @Override
                public void onException(Throwable failure) {
                    end.completeExceptionally(failure);
                }
            });
            String conversation = end.get(30, TimeUnit.SECONDS);
            assertThat(streamed).isNotEmpty();

            ChatMessageResponse answer = client.sendChatMessage(question(ResponseMode.BLOCKING));
            assertThat(answer.getAnswer()).isEqualTo(streamed.toString());
            assertThat(client.getConversations("x", null, 20, null).getData())
                    .extracting(listed -> listed.getId())
                    .contains(conversation, answer.getConversationId());
            assertThat(client.getMessages(conversation, "x", null, 20).getData())
                    .hasSize(1);
            assertThat(client.feedbackMessage(answer.getMessageId(), "like", "x", "good")
                            .getResult())
                    .isEqualTo("success");
            assertThat(client.getSuggestedQuestions(answer.getMessageId(), "x").getData())
                    .isNotEmpty();
            assertThat(client.renameConversation(conversation, "Orders", false, "x")
                            .getName())
                    .isEqualTo("Orders");
            assertThat(client.textToAudio(answer.getMessageId(), null, "x")).isNotEmpty();
            assertThat(client.textToAudio(null, "Good morning", "x")).isNotEmpty();
            assertThat(client.getAppParameters()).isNotNull();
            client.deleteConversation(conversation, "x");
            DifyApiException unknown =
                    catchThrowableOfType(DifyApiException.class, () -> client.getMessages(conversation, "x", null, 20));
            assertThat(unknown.getStatusCode()).isEqualTo(404);
        }
        assertThat(CHAT.requests())
                .as("the user is who logged in, whatever the client says")
                .noneMatch(request -> (request.query() + request.body()).contains("\"user\":\"x\""));
    }

    private static ChatMessage question(ResponseMode mode) {
        return ChatMessage.builder()
                .query("Where is order 4711?")
                .user("x")
                .inputs(Map.of())
                .responseMode(mode)
                .build();
    }

    @Test
    void aClientForJavaUploadsCompletesAndRunsWorkflows() throws Exception {
        try (DifyChatClient client = DifyClientFactory.createChatClient(base() + "/default", "app-bob")) {
            FileUploadRequest request = FileUploadRequest.builder().user("x").build();
            assertThat(client.uploadFile(request, new ByteArrayInputStream("to be read".getBytes(UTF_8)), "note.txt")
                            .getName())
                    .isEqualTo("note.txt");
        }
        try (DifyCompletionClient client = DifyClientFactory.createCompletionClient(base() + "/text", "app-bob")) {
            assertThat(client.sendCompletionMessage(CompletionRequest.builder()
                                    .inputs(Map.of("topic", "orders"))
                                    .responseMode(ResponseMode.BLOCKING)
                                    .user("x")
                                    .build())
                            .getAnswer())
                    .isNotEmpty();
        }
        try (DifyWorkflowClient client = DifyClientFactory.createWorkflowClient(base() + "/flow", "app-bob")) {
            assertThat(client.runWorkflow(WorkflowRunRequest.builder()
                                    .inputs(Map.of("order", "4711"))
                                    .responseMode(ResponseMode.BLOCKING)
                                    .user("x")
                                    .build())
                            .getData()
                            .getStatus())
                    .isEqualTo("succeeded");
        }
    }
}
