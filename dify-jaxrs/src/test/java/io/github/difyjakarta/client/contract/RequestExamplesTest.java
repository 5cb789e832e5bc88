package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCalls.ID;
import static io.github.difyjakarta.client.contract.ClientCalls.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.annotation.ReplySettings;
import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.chat.CompletionRequest;
import io.github.difyjakarta.client.contract.Published.Example;
import io.github.difyjakarta.client.conversation.Rating;
import io.github.difyjakarta.client.file.InputFile;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request that the documentation shows is one that the client makes, given what is in it. */
@EnabledIfSystemProperty(named = "contract.dir", matches = ".+", disabledReason = ContractTest.NEEDED)
class RequestExamplesTest extends ContractTest {
    static List<Example> examples() {
        return Published.examples("request");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theClientMakesTheSameRequest(Example example) {
        JsonNode shown = example.json();
        ClientCall call = counterpart(example, shown);
        RecordedRequest sent = sent(call, Answers.plain(call)).get(0);
        assertThat(example.endpoint().pattern().matcher(sent.path()).matches()).isTrue();
        assertThat(Published.parse(sent.body())).isEqualTo(shown);
    }

    /** Reads from an example what a caller would say, each field by its name. */
    private static ClientCall counterpart(Example example, JsonNode shown) {
        String user = shown.path("user").asText();
        boolean streamed = shown.path("response_mode").asText().equals("streaming");
        Function<DifyClient, Object> use =
                switch (example.endpoint().toString()) {
                    case "POST /chat-messages" -> {
                        ChatRequest question = chat(shown, user);
                        yield dify -> streamed
                                ? dify.chat().ask(question)
                                : dify.chat().askUnstreamed(question);
                    }
                    case "POST /completion-messages" -> {
                        CompletionRequest text = completion(shown, user);
                        yield dify -> streamed
                                ? dify.completions().complete(text)
                                : dify.completions().completeUnstreamed(text);
                    }
                    case "POST /workflows/run" -> workflow(WorkflowRequest.of(user, inputs(shown)), streamed);
                    case "POST /workflows/{workflow_id}/run" ->
                        workflow(WorkflowRequest.of(user, inputs(shown)).toVersion(ID), streamed);
                    case "POST /chat-messages/{task_id}/stop" ->
                        dify -> dify.chat().stopAsync(user, ID);
                    case "POST /completion-messages/{task_id}/stop" ->
                        dify -> dify.completions().stopAsync(user, ID);
                    case "POST /workflows/tasks/{task_id}/stop" ->
                        dify -> dify.workflows().stopAsync(user, ID);
                    case "POST /messages/{message_id}/feedbacks" ->
                        dify -> dify.messages()
                                .rateAsync(
                                        user,
                                        ID,
                                        Rating.valueOf(upper(shown, "rating")),
                                        Optional.of(shown.path("content").asText()));
                    case "POST /conversations/{conversation_id}/name" ->
                        dify -> dify.conversations()
                                .renameAsync(user, ID, shown.path("name").asText());
                    case "PUT /conversations/{conversation_id}/variables/{variable_id}" ->
                        dify -> dify.conversations()
                                .updateVariableAsync(
                                        user, ID, OTHER, shown.path("value").asText());
                    case "DELETE /conversations/{conversation_id}" ->
                        dify -> dify.conversations().deleteAsync(user, ID);
                    case "POST /text-to-audio" ->
                        dify -> dify.audio()
                                .speak(SpeechRequest.ofText(
                                                user, shown.path("text").asText())
                                        .inVoice(shown.path("voice").asText())
                                        .streaming(shown.path("streaming").asBoolean()));
                    case "POST /apps/annotations" ->
                        dify -> dify.annotations()
                                .createAsync(
                                        shown.path("question").asText(),
                                        shown.path("answer").asText());
                    case "PUT /apps/annotations/{annotation_id}" ->
                        dify -> dify.annotations()
                                .updateAsync(
                                        ID,
                                        shown.path("question").asText(),
                                        shown.path("answer").asText());
                    case "POST /apps/annotation-reply/{action}" ->
                        dify -> dify.annotations()
                                .enableReply(new ReplySettings(
                                        shown.path("embedding_provider_name").asText(),
                                        shown.path("embedding_model_name").asText(),
                                        shown.path("score_threshold").asDouble()));
                    case "POST /form/human_input/{form_token}" ->
                        dify -> dify.humanInput()
                                .submitAsync(user, ID, shown.path("action").asText(), inputs(shown));
                    default -> throw new AssertionError("the client has no counterpart of " + example);
                };
        return new ClientCall(
                example.endpoint(),
                "as shown",
                example.endpoint().path().equals("/text-to-audio")
                        ? ClientCall.Kind.FILE
                        : streamed ? ClientCall.Kind.STREAM : ClientCall.Kind.JSON,
                use);
    }

    private static ChatRequest chat(JsonNode shown, String user) {
        ChatRequest question =
                ChatRequest.of(user, shown.path("query").asText()).withInputs(inputs(shown));
        for (InputFile file : files(shown)) {
            question = question.withFile(file);
        }
        String conversation = shown.path("conversation_id").asText();
        return conversation.isEmpty() ? question : question.inConversation(conversation);
    }

    private static CompletionRequest completion(JsonNode shown, String user) {
        CompletionRequest text = CompletionRequest.of(user, inputs(shown))
                .withQuery(shown.path("query").asText());
        for (InputFile file : files(shown)) {
            text = text.withFile(file);
        }
        return text;
    }

    private static Function<DifyClient, Object> workflow(WorkflowRequest request, boolean streamed) {
        return dify ->
                streamed ? dify.workflows().run(request) : dify.workflows().runUnstreamed(request);
    }

    private static Map<String, Object> inputs(JsonNode shown) {
        return Published.JSON.convertValue(shown.path("inputs"), new TypeReference<Map<String, Object>>() {});
    }

    private static List<InputFile> files(JsonNode shown) {
        return StreamSupport.stream(shown.path("files").spliterator(), false)
                .map(file -> InputFile.remote(
                        InputFile.Type.valueOf(upper(file, "type")),
                        URI.create(file.path("url").asText())))
                .toList();
    }

    private static String upper(JsonNode node, String field) {
        return node.path(field).asText().toUpperCase(Locale.ROOT);
    }
}
