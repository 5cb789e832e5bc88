package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.assertSameStream;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads, and questions that come with them. */
class FilesTest {

    private static final byte[] TEXT = "Hallo Welt".getBytes(StandardCharsets.UTF_8);

    private DifySimulator dify = Recorded.simulator("chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file-upload-json",
                "file-upload-no-file",
                "file-upload-no-filename",
                "file-upload-slash-name",
                "file-upload-wrong-field",
                "file-preview-bad-uuid",
                "file-preview-unknown",
                "err-files-bad"
            })
    void refusesInDifysWords(String name) throws Exception {
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.requestBytes(http)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file-upload-png",
                "file-upload-no-user",
                "file-upload-two-files",
                "file-upload-txt-unicode-name",
                "file-upload-unknown-ext",
                "request-chunked-upload"
            })
    void takesUploads(String name) throws Exception {
        Path http = recording(name);
        Response answer = Wire.call(dify.url(), Recordings.requestBytes(http));
        assertAlike(http, answer);
        for (String field : List.of("name", "size", "extension", "mime_type")) {
            assertThat(json(answer).get(field))
                    .isEqualTo(json(Recordings.response(http)).get(field));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',text/plain,400 BAD REQUEST,filename_not_exists_error",
        "a.txt,'',415 UNSUPPORTED MEDIA TYPE,unsupported_file_type",
        "a\\\\b.txt,text/plain,400 BAD REQUEST,invalid_param"
    })
    void refusesFilesThatDoNotSayWhatTheyAre(String filename, String type, String status, String code)
            throws Exception {
        Response answer = Forms.send(dify, "/files/upload", "u1", filename, type, TEXT);
        assertThat(answer.status()).isEqualTo("HTTP/1.1 " + status);
        assertThat(Shape.text(answer.body(), "code")).isEqualTo(code);
    }

    @Test
    void refusesASecondFileOfAnotherName() throws Exception {
        String body = new String(Forms.body("u1", "a.txt", "text/plain", TEXT), StandardCharsets.UTF_8)
                .replace("name=\"user\"", "name=\"other\"; filename=\"b.txt\"");
        Response answer = Wire.call(
                dify.url(),
                "POST /v1/files/upload HTTP/1.1\r\nHost: dify.example\r\nAuthorization: Bearer " + dify.key()
                        + "\r\nContent-Type: " + Forms.contentType() + "\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"code\": \"too_many_files\", \"message\": \"Only one file is allowed.\", \"status\": 400}\n");
    }

    @ParameterizedTest
    @CsvSource({"big.png,10", "big.txt,15"})
    void takesAFileOfTheMaximumAndRefusesOneByteMore(String filename, int megabytes) throws Exception {
        byte[] most = new byte[megabytes * 1024 * 1024];
        Response taken = Forms.send(dify, "/files/upload", "u1", filename, "image/png", most);
        assertThat(json(taken).path("size").asInt()).isEqualTo(most.length);

        Response refused = Forms.send(dify, "/files/upload", "u1", filename, "image/png", new byte[most.length + 1]);
        assertSame(recording("file-upload-too-large-image"), refused);
        assertThat(dify.requests().get(1).body()).as("what is remembered").hasSize(1024 * 1024);
    }

    @Test
    void shortensLongNames() throws Exception {
        String name = "ä".repeat(250) + ".TXT";
        Response answer = Forms.send(dify, "/files/upload", "u1", name, "text/plain", TEXT);
        assertThat(Shape.text(answer.body(), "name")).isEqualTo("ä".repeat(200) + ".txt");
        assertThat(Shape.text(answer.body(), "extension")).isEqualTo("txt");
    }

    @Test
    void showsAFileOnceAMessageHasIt() throws Exception {
        Path upload = recording("file-upload-png");
        String file = Shape.text(
                Wire.call(dify.url(), Recordings.requestBytes(upload)).body(), "id");
        Path unreferenced = recording("file-preview-unreferenced");
        assertSame(unreferenced, Wire.call(dify.url(), withIds(Recordings.request(unreferenced), file)));

        Path chat = recording("chat-with-image");
        Response answer = Wire.call(dify.url(), withIds(Recordings.request(chat), file));
        assertSameStream(chat, answer);
        assertThat(answer.events().get(answer.events().size() - 1)).contains("\"upload_file_id\":\"" + file + "\"");

        for (String name : List.of("file-preview", "file-preview-attachment")) {
            Path preview = recording(name);
            assertSame(preview, Wire.call(dify.url(), withIds(Recordings.request(preview), file)));
        }
        Path messages = recording("messages-with-file");
        String conversation = Shape.text(answer.events().get(0), "conversation_id");
        Response history = Wire.call(dify.url(), withIds(Recordings.request(messages), conversation));
        assertAlike(messages, history);
        JsonNode shown = json(history).at("/data/0/message_files/0");
        assertThat(shown.path("upload_file_id").asText()).isEqualTo(file);
        assertThat(shown.path("filename").asText()).isEqualTo("pixel.png");

        delete(conversation);
        assertSame(unreferenced, Wire.call(dify.url(), withIds(Recordings.request(unreferenced), file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat-with-image-other-user", "chat-with-four-images", "chat-with-wrong-type"})
    void refusesFilesThatDoNotFitTheQuestion(String name) throws Exception {
        String file = Forms.upload(dify, "u1", "pixel.png", "image/png", TEXT);
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), withIds(Recordings.request(http), file)));
        assertThat(Wire.get(dify, "/conversations?user=u1").body())
                .as("and there is no conversation")
                .contains("\"data\": []");
    }

    @Test
    void ignoresFilesWhereUploadIsOff() throws Exception {
        dify.close();
        dify = DifySimulator.builder().key("app-REDACTED").withoutFiles().start();
        Path http = recording("chat-with-image-upload-disabled");
        Response answer = Wire.call(dify.url(), Recordings.request(http));
        assertSameStream(http, answer);
        String conversation = Shape.text(answer.events().get(0), "conversation_id");
        assertThat(Wire.get(dify, "/messages?user=u1&conversation_id=" + conversation)
                        .body())
                .contains("\"message_files\": []");
    }

    @Test
    void refusesAnAddressThatCannotBeReached() throws Exception {
        Path http = recording("chat-with-remote-url-unreachable");
        String request = Recordings.request(http).replace("127.0.0.1", "x.invalid");
        assertThat(Wire.call(dify.url(), request).body())
                .isEqualTo(Recordings.response(http).body().replace("127.0.0.1", "x.invalid"));
    }

    @Test
    void takesAddressesAsFiles() throws Exception {
        Response answer = ask("{\"type\":\"image\",\"transfer_method\":\"remote_url\","
                + "\"url\":\"https://shop.example/pictures/a%20b.png?size=1\"}");
        JsonNode file = Json.parse(answer.events().get(answer.events().size() - 1))
                .orElseThrow()
                .at("/files/0");
        assertThat(file.path("filename").asText()).isEqualTo("a%20b.png");
        assertThat(file.path("extension").asText()).isEqualTo(".png");
        assertThat(file.path("mime_type").asText()).isEqualTo("image/png");
        assertThat(file.path("remote_url").asText())
                .isEqualTo("https://shop.example/pictures/a%20b.png?size=1")
                .isEqualTo(file.path("url").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"image\"} | transfer_method is required in file mapping",
                "{\"type\":\"image\",\"transfer_method\":\"remote_url\"} | Invalid file url",
                "{\"type\":\"image\",\"transfer_method\":\"pigeon\"} | No matching enum found for value 'pigeon'",
                "{\"type\":\"custom\",\"transfer_method\":\"remote_url\",\"url\":\"http://a/b.exe\"}"
                        + " | File validation failed for file: b.exe",
                "1 | 1 validation error for ChatRequestPayload\\nfiles.0\\n  Input should be a valid dictionary"
            })
    void refusesWhatIsNoFile(String file, String message) throws Exception {
        Response answer = ask(file);
        assertThat(answer.status()).isEqualTo("HTTP/1.1 400 BAD REQUEST");
        assertThat(answer.body()).contains("\"invalid_param\", \"message\": \"" + message);
    }

    @ParameterizedTest
    @CsvSource({"completion,/completion-messages,Completion", "workflow,/workflows/run,WorkflowRun"})
    void refusesWhatIsNoListOfFilesInEveryMode(String mode, String path, String model) throws Exception {
        restart(mode);
        Response answer = Wire.post(dify, path, "{\"inputs\":{},\"user\":\"u1\",\"files\":[1]}");
        assertThat(answer.body()).contains("1 validation error for " + model, "files.0", "dict_type");
    }

    @Test
    void ignoresTheFilesOfACompletion() throws Exception {
        restart("completion");
        String body = "{\"inputs\":{},\"response_mode\":\"streaming\",\"user\":\"u1\",\"files\":["
                + Forms.local("image", "11111111-2222-4333-8444-555555555555") + "]}";
        Response answer = Wire.post(dify, "/completion-messages", body);
        assertThat(answer.events().get(answer.events().size() - 1)).contains("message_end", "\"files\":[]");
    }

    @Test
    void givesHtmlOnlyToBeSaved() throws Exception {
        String file = Forms.upload(dify, "u1", "Grüße *1.html", "text/plain", TEXT);
        ask(Forms.local("document", file));
        assertThat(Wire.get(dify, "/files/" + file + "/preview").headers())
                .contains(
                        "Content-Type: application/octet-stream",
                        "Content-Disposition: attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%2A1.html");
    }

    @Test
    void keepsEveryByteOfALargeFileThatComesInChunks() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        byte[] body = Forms.body("u1", "noise.mp3", "audio/mp3", bytes);
        HttpClient client = HttpClient.newHttpClient();
        String uploaded = client.send(
                        HttpRequest.newBuilder(URI.create(dify.url() + "/files/upload"))
                                .header("Authorization", "Bearer " + dify.key())
                                .header("Content-Type", Forms.contentType())
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        assertThat(dify.requests().get(0).header("transfer-encoding")).contains("chunked");
        ask(Forms.local("audio", Shape.text(uploaded, "id")));

        var preview = client.send(
                HttpRequest.newBuilder(URI.create(dify.url() + "/files/" + Shape.text(uploaded, "id") + "/preview"))
                        .header("Authorization", "Bearer " + dify.key())
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(preview.body()).isEqualTo(bytes);
        assertThat(preview.headers().firstValue("Accept-Ranges")).contains("bytes");
        var signed = client.send(
                HttpRequest.newBuilder(URI.create(Shape.text(uploaded, "source_url")))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(signed.body()).isEqualTo(bytes);
    }

    @Test
    void showsAFileByItsSignedAddressAlone() throws Exception {
        Response uploaded = Forms.send(dify, "/files/upload", "u1", "a.txt", "text/plain", TEXT);
        String path = Shape.text(uploaded.body(), "source_url").substring("http://dify.example".length());
        assertThat(get(path).body()).isEqualTo("Hallo Welt");
        assertThat(get(path.replace("nonce=", "nonce=0")).status()).isEqualTo("HTTP/1.1 404 NOT FOUND");
        assertThat(get(path.split("[?]", 2)[0]).status()).isEqualTo("HTTP/1.1 404 NOT FOUND");
    }

    private Response get(String path) throws Exception {
        return Wire.call(dify.url(), "GET " + path + " HTTP/1.1\r\nHost: dify.example\r\n\r\n");
    }

    private Response ask(String file) throws Exception {
        String question = Wire.question("Look", "streaming");
        return Wire.post(
                dify, "/chat-messages", question.substring(0, question.length() - 1) + ",\"files\":[" + file + "]}");
    }

    private void delete(String conversation) throws Exception {
        Wire.call(dify.url(), Wire.request(dify, "DELETE", "/conversations/" + conversation, "{\"user\":\"u1\"}"));
    }

    private void restart(String mode) {
        dify.close();
        dify = Recorded.simulator(mode);
    }

    private static JsonNode json(Response response) {
        return Json.parse(response.body()).orElseThrow();
    }
}
