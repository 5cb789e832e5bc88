package io.github.difyjakarta.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files and speech, in both directions, and whose they are. */
@ExtendWith(SharedServer.class)
@Timeout(120)
class FileEndpointsIT {

    private static final int MAX = 100 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FORM = "Content-Type: multipart/form-data; boundary=B";
    private static final DifySimulator DIFY =
            DifySimulator.builder().mode("advanced-chat").typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.chat(
            "files.war",
            Wars.with(
                    Wars.settings(DIFY),
                    "dify.relay.endpoints",
                    "chat,messages,files,audio",
                    "dify.relay.max-upload-bytes",
                    "" + MAX,
                    "dify.relay.max-uploads",
                    "1",
                    "dify.timeout.blocking",
                    "2s"));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final Front ada;
    private final Front bob;

    FileEndpointsIT(PayaraServer server) {
        ada = Front.of(server, "files", "default", "ada");
        bob = Front.of(server, "files", "default", "bob");
    }

    private static String form(String name, String type, String content) {
        return "--B\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nvictim\r\n"
                + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: "
                + type + "\r\n\r\n" + content + "\r\n--B--\r\n";
    }

    private static Front.Answer upload(Front front, String name, String type, String content) {
        return front.with(FORM).send("POST", "files/upload", form(name, type, content));
    }

    private static String uploaded(Front front, String name, String content) {
        Front.Answer answer = upload(front, name, "text/plain", content);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    /** Asks about a file, and has the answer as a document. */
    private static Front.Answer ask(Front front, String file) {
        return front.send(
                "POST",
                "chat-messages",
                "{\"query\":\"What does it say?\",\"inputs\":{},\"files\":[{\"type\":\"document\","
                        + "\"transfer_method\":\"local_file\",\"upload_file_id\":\"" + file + "\"}]}");
    }

    @Test
    void passesAFileThroughAsTheCallers() {
        Front.Answer answer = upload(ada, "Grüße.txt", "text/plain", "to be read");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().path("name").asText()).isEqualTo("Grüße.txt");
        assertThat(answer.json().path("size").asInt()).isEqualTo(10);
        assertThat(answer.head().header("Cache-Control")).isEqualTo("no-store");
        assertThat(latestUpload().body()).contains("ada", "to be read").doesNotContain("victim");
    }

    private static RecordedRequest latestUpload() {
        return DIFY.requests().stream()
                .filter(request -> request.path().equals("/files/upload"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    @Test
    void takesFilesUpToTheLimitAndNotOneByteMore() {
        assertThat(upload(ada, "a.txt", "text/plain", "x".repeat(MAX)).status()).isEqualTo(201);
        upload(ada, "a.txt", "text/plain", "x".repeat(MAX + 1)).assertIsProblem(413, "file_too_large");
        assertThat(uploaded(ada, "a.txt", "still works")).isNotEmpty();
    }

    @Test
    void doesNotReadWhatSaysThatItIsTooLarge(PayaraServer server) throws IOException {
        int before = DIFY.requests().size();
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.send(
                    "POST",
                    ada.app() + "files/upload",
                    ada.with(FORM).with("Content-Length: 10000000000").headers());
            assertThat(browser.readHead().status()).isEqualTo(413);
        }
        assertThat(DIFY.requests()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({
        "page.png, image/png, <script>, 415, unsupported_file_type",
        "../a.txt, text/plain, x, 400, invalid_param",
        "'', text/plain, x, 400, filename_not_exists_error"
    })
    void refusesWhatIsNotWhatItSaysWithoutAskingDify(
            String name, String type, String content, int status, String code) {
        uploaded(ada, "first.txt", "so that the rules are known");
        int before = DIFY.requests().size();

        upload(ada, name, type, content).assertIsProblem(status, code);

        assertThat(DIFY.requests()).hasSize(before);
    }

    @Test
    void takesFormsOnly() {
        ada.send("POST", "files/upload", "{}").assertIsProblem(415, "unsupported_media_type");
        ada.with("Content-Type: multipart/form-data")
                .send("POST", "files/upload", "x")
                .assertIsProblem(400, "bad_request");
    }

    @Test
    void passesDifysRefusalsOn() {
        DIFY.nextAt(
                "POST",
                "/files/upload",
                Script.json(413, "{\"code\":\"file_too_large\",\"message\":\"\",\"status\":413}"));
        upload(ada, "a.txt", "text/plain", "x").assertIsProblem(413, "file_too_large");
        DIFY.nextAt(
                "POST",
                "/files/upload",
                Script.json(415, "{\"code\":\"unsupported_file_type\",\"message\":\"no\",\"status\":415}"));
        upload(ada, "a.txt", "text/plain", "x").assertIsProblem(415, "unsupported_file_type");
    }

    @Test
    void aBrowserThatLeavesAmidAFileGivesItsPlaceBack(PayaraServer server) throws IOException {
        beginUpload(server).reset();

        await().atMost(PATIENCE)
                .until(() -> upload(ada, "a.txt", "text/plain", "x").status() == 201);
    }

    @Test
    void aBrowserThatFallsSilentAmidAFileIsToldAndGivesItsPlaceBack(PayaraServer server) throws IOException {
        try (HttpConnection browser = beginUpload(server)) {
            upload(bob, "a.txt", "text/plain", "x").assertIsProblem(503, "too_many_uploads");

            assertThat(browser.readHead().status()).isIn(400, 504);
            await().atMost(PATIENCE)
                    .until(() -> upload(ada, "a.txt", "text/plain", "x").status() == 201);
        }
    }

    /** Sends half a file, which reaches Dify. */
    private HttpConnection beginUpload(PayaraServer server) throws IOException {
        await().atMost(PATIENCE)
                .until(() -> upload(ada, "a.txt", "text/plain", "x").status() == 201);
        HttpConnection browser = new HttpConnection(server.port());
        String whole = form("slow.txt", "text/plain", "x".repeat(50_000));
        browser.send(
                "POST",
                ada.app() + "files/upload",
                ada.with(FORM).with("Content-Length: " + whole.length()).headers());
        browser.write(whole.substring(0, 30_000).getBytes(UTF_8));
        await().atMost(PATIENCE)
                .until(() -> upload(bob, "a.txt", "text/plain", "x").status() == 503);
        return browser;
    }

    @Test
    void showsAFileToWhoseItIsAndToNobodyElse() {
        String file = uploaded(ada, "note.txt", "to be read");
        assertThat(ask(ada, file).status()).isEqualTo(200);
        String path = "files/" + file + "/preview";

        Front.Answer shown = ada.get(path);
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.body()).isEqualTo("to be read");
        assertThat(shown.head().header("Content-Type")).startsWith("text/plain");
        assertThat(shown.head().header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(shown.head().headers()).doesNotContainKey("Content-Disposition");

        Front.Answer unknown = bob.get("files/" + UUID.randomUUID() + "/preview");
        unknown.assertIsProblem(404, "file_not_found");
        assertThat(bob.get(path).body()).isEqualTo(unknown.body());
        Front.Answer saved = ada.get(path + "?as_attachment=true");
        assertThat(saved.head().header("Content-Disposition")).contains("attachment", "note.txt");
        assertThat(saved.body()).isEqualTo("to be read");
    }

    /** Dify checks that: a chat refuses the question, the run of a chatflow fails. */
    @Test
    void nobodyAsksAboutAFileOfAnother() {
        String file = uploaded(ada, "note.txt", "hers");

        Front.Answer answer = ask(bob, file);

        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        assertThat(answer.body()).doesNotContain("hers", "note.txt");
    }

    @Test
    void theHistoryGivesFilesBackAfterARestart(PayaraServer server) {
        String file = uploaded(ada, "note.txt", "to be read");
        String conversation = ask(ada, file).json().path("conversation_id").asText();
        server.undeploy(WAR);
        server.deploy(WAR);
        ada.get("files/" + file + "/preview").assertIsProblem(404, "file_not_found");

        assertThat(ada.get("messages?conversation_id=" + conversation).status()).isEqualTo(200);

        assertThat(ada.get("files/" + file + "/preview").body()).isEqualTo("to be read");
    }

    @Test
    void keepsTheConnectionAfterAFile(PayaraServer server) throws IOException {
        String file = uploaded(ada, "note.txt", "x");
        ask(ada, file);
        try (HttpConnection browser = new HttpConnection(server.port())) {
            for (int i = 0; i < 3; i++) {
                browser.send("GET", ada.app() + "files/" + file + "/preview", ada.headers());
                assertThat(browser.readBody(browser.readHead())).isEqualTo("x");
            }
        }
    }

    @Test
    void refusesFilesOfTheWebUntilTheyAreAllowed() {
        ada.send(
                        "POST",
                        "chat-messages",
                        "{\"query\":\"?\",\"inputs\":{},\"files\":[{\"type\":\"image\",\"transfer_method\":\"remote_url\","
                                + "\"url\":\"https://example.com/cat.png\"}]}")
                .assertIsProblem(400, "invalid_param");
    }

    @Test
    void hearsWhatIsSaid() {
        Front.Answer answer = ada.with(FORM).send("POST", "audio-to-text", form("note.mp3", "audio/mpeg", "no words"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("text").asText()).isNotEmpty();
    }

    @Test
    void saysATextAndTheCallersOwnAnswers() {
        JsonNode hers = ada.ask();
        String body = "{\"message_id\":\"" + hers.path("message_id").asText() + "\",\"user\":\"ada\"}";

        for (String said : new String[] {"{\"text\":\"Good morning\"}", body}) {
            Front.Answer speech = ada.send("POST", "text-to-audio", said);
            assertThat(speech.status()).as(speech.body()).isEqualTo(200);
            assertThat(speech.head().header("Content-Type")).isEqualTo("audio/mpeg");
            assertThat(speech.body()).isNotEmpty();
        }

        Front.Answer unknown = bob.send("POST", "text-to-audio", "{\"message_id\":\"" + UUID.randomUUID() + "\"}");
        unknown.assertIsProblem(404, "not_found");
        assertThat(bob.send("POST", "text-to-audio", body).body()).isEqualTo(unknown.body());
        ada.send("POST", "text-to-audio", "{}").assertIsProblem(400, "invalid_param");
    }
}
