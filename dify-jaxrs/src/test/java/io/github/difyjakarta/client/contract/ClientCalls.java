package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCall.file;
import static io.github.difyjakarta.client.contract.ClientCall.json;
import static io.github.difyjakarta.client.contract.ClientCall.yes;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.annotation.ReplyJob;
import io.github.difyjakarta.client.annotation.ReplySettings;
import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.conversation.ConversationOrder;
import io.github.difyjakarta.client.conversation.Rating;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.json.DifyJson;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All endpoints in all the ways that the client offers. The first of an endpoint has no optional part. */
final class ClientCalls {
    static final String USER = "ada";
    static final String ID = "11111111-2222-4333-8444-555555555555";
    static final String OTHER = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

    private static final ReplySettings REPLY = new ReplySettings("openai", "text-embedding-3-small", 0.9);
    private static final ReplyJob JOB = new ReplyJob(ID, true, ReplyJob.Status.WAITING, "", DifyJson.EMPTY);
    private static final byte[] CONTENT = "some bytes".getBytes(UTF_8);

    private ClientCalls() {}

    static List<ClientCall> all() {
        List<ClientCall> all = new ArrayList<>(GenerationCalls.all());
        all.addAll(conversations());
        all.addAll(messages());
        all.addAll(files());
        all.addAll(app());
        all.addAll(annotations());
        return all;
    }

    static Stream<ClientCall> of(Endpoint endpoint) {
        return all().stream().filter(call -> call.endpoint().equals(endpoint));
    }

    private static List<ClientCall> conversations() {
        String list = "GET /conversations";
        String name = "POST /conversations/{conversation_id}/name";
        String variables = "GET /conversations/{conversation_id}/variables";
        String variable = "PUT /conversations/{conversation_id}/variables/{variable_id}";
        List<ClientCall> calls = new ArrayList<>(List.of(
                json(list, "first page", dify -> dify.conversations().list(USER, 20)),
                json(list, "all", dify -> dify.conversations().all(USER).toList()),
                json(name, "a name", dify -> dify.conversations().rename(USER, ID, "Orders")),
                json(name, "automatic", dify -> dify.conversations().nameAutomatically(USER, ID)),
                yes("DELETE /conversations/{conversation_id}", "of a user", dify -> dify.conversations()
                        .delete(USER, ID)),
                json(variables, "first page", dify -> dify.conversations()
                        .listVariablesAsync(USER, ID, Optional.empty(), 20)),
                json(variables, "next page", dify -> dify.conversations()
                        .listVariablesAsync(USER, ID, Optional.of(OTHER), 100)),
                json(variables, "by name", dify -> dify.conversations().variable(USER, ID, "theme")),
                json(variable, "text", dify -> dify.conversations().updateVariable(USER, ID, OTHER, "x")),
                json(variable, "number", dify -> dify.conversations().updateVariable(USER, ID, OTHER, 4.5)),
                json(variable, "flag", dify -> dify.conversations().updateVariable(USER, ID, OTHER, true)),
                json(variable, "list", dify -> dify.conversations().updateVariable(USER, ID, OTHER, List.of(1, 2))),
                json(variable, "object", dify -> dify.conversations()
                        .updateVariable(USER, ID, OTHER, Map.of("a", List.of())))));
        Arrays.stream(ConversationOrder.values())
                .map(order -> json(list, order.name(), dify -> dify.conversations()
                        .listAsync(USER, order, Optional.of(OTHER), 100)))
                .forEach(calls::add);
        return calls;
    }

    private static List<ClientCall> messages() {
        String list = "GET /messages";
        String feedback = "POST /messages/{message_id}/feedbacks";
        return List.of(
                json(list, "latest", dify -> dify.messages().list(USER, ID, 20)),
                json(list, "earlier", dify -> dify.messages().listAsync(USER, ID, Optional.of(OTHER), 1)),
                json(list, "history", dify -> dify.messages().history(USER, ID)),
                yes(feedback, "like", dify -> dify.messages().rate(USER, ID, Rating.LIKE)),
                yes(feedback, "dislike, why", dify -> dify.messages().rate(USER, ID, Rating.DISLIKE, "Too long")),
                yes(feedback, "revoked", dify -> dify.messages().revokeRating(USER, ID)),
                json("GET /messages/{message_id}/suggested", "for a user", dify -> dify.messages()
                        .suggested(USER, ID)));
    }

    private static List<ClientCall> files() {
        String upload = "POST /files/upload";
        String preview = "GET /files/{file_id}/preview";
        String hear = "POST /audio-to-text";
        String speak = "POST /text-to-audio";
        return List.of(
                json(upload, "from memory", dify -> dify.files().upload(USER, Upload.of("a \"b\" ü.png", CONTENT))),
                json(upload, "from a stream", dify -> dify.files()
                        .upload(
                                USER,
                                Upload.of("a", new ByteArrayInputStream(CONTENT))
                                        .as("text/plain"))),
                file(preview, "shown", dify -> dify.files().preview(ID)),
                file(preview, "attached", dify -> dify.files().previewAsync(ID, true, BodySubscribers.ofByteArray())),
                json(hear, "mp3", dify -> dify.audio().transcribe(USER, Upload.of("question.mp3", CONTENT))),
                file(speak, "a text", dify -> dify.audio().speak(SpeechRequest.ofText(USER, "Hello"))),
                file(speak, "a message", dify -> dify.audio().speak(SpeechRequest.ofMessage(USER, ID))),
                file(speak, "in a voice", dify -> dify.audio()
                        .speak(new SpeechRequest(
                                USER,
                                Optional.of("Hello"),
                                Optional.of(ID),
                                Optional.of("alloy"),
                                Optional.of(false)))));
    }

    private static List<ClientCall> app() {
        String feedbacks = "GET /app/feedbacks";
        return List.of(
                json("GET /info", "plain", dify -> dify.app().info()),
                json("GET /parameters", "plain", dify -> dify.app().parameters()),
                json("GET /meta", "plain", dify -> dify.app().meta()),
                json("GET /site", "plain", dify -> dify.app().site()),
                json(feedbacks, "a page", dify -> dify.app().feedbacksAsync(2, 50)),
                json(feedbacks, "all", dify -> dify.app().feedbacks().toList()),
                json("GET /end-users/{end_user_id}", "by id", dify -> dify.endUsers()
                        .get(ID)));
    }

    private static List<ClientCall> annotations() {
        String annotations = "/apps/annotations";
        String one = annotations + "/{annotation_id}";
        String reply = "POST /apps/annotation-reply/{action}";
        return List.of(
                json("GET " + annotations, "a page", dify -> dify.annotations().listAsync(Optional.empty(), 1, 20)),
                json("GET " + annotations, "all", dify -> dify.annotations()
                        .all()
                        .toList()),
                json("GET " + annotations, "by word", dify -> dify.annotations()
                        .search("a & b")
                        .toList()),
                json("POST " + annotations, "plain", dify -> dify.annotations().create("When?", "Now.")),
                json("PUT " + one, "plain", dify -> dify.annotations().update(ID, "When?", "Now.")),
                yes("DELETE " + one, "plain", dify -> dify.annotations().delete(ID)),
                json(reply, "on", dify -> dify.annotations().enableReply(REPLY)),
                json(reply, "off", dify -> dify.annotations().disableReply(REPLY)),
                json("GET /apps/annotation-reply/{action}/status/{job_id}", "plain", dify -> dify.annotations()
                        .status(JOB)));
    }
}
