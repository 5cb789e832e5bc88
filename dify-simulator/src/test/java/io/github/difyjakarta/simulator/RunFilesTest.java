package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.assertSameStream;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files that come with runs of workflows and chatflows, beside and among their inputs. */
class RunFilesTest {

    private static final byte[] TEXT = "Hallo Welt".getBytes(StandardCharsets.UTF_8);

    private DifySimulator dify = Recorded.simulator("workflow");

    @AfterEach
    void close() {
        dify.close();
    }

    @Test
    void namesTheFilesOfAChatflowAmongItsInputs() throws Exception {
        restart("advanced-chat");
        String file = Forms.upload(dify, "u1", "p2.png", "image/png", TEXT);
        Path http = recording("chatflow-with-image");
        Response answer = Wire.call(dify.url(), withIds(Recordings.request(http), file));
        assertSameStream(http, answer);
        assertThat(Shape.of(systemFiles(answer))).isEqualTo(Shape.of(systemFiles(Recordings.response(http))));
    }

    @Test
    void failsAChatflowInItsStreamForAFileOfSomebodyElse() throws Exception {
        restart("advanced-chat");
        String file = Forms.upload(dify, "u2", "p2.png", "image/png", TEXT);
        Response answer = ask(Forms.local("image", file));
        assertSameStream(recording("workflow-with-foreign-file"), answer);
        assertThat(answer.events().get(1)).contains("\"error\":\"Invalid upload file\"");
    }

    @Test
    void failsAWorkflowInItsStreamForAFileOfSomebodyElse() throws Exception {
        String file = Forms.upload(dify, "u2", "doc.txt", "text/plain", TEXT);
        Response answer = Recorded.again(dify, "workflow-with-foreign-file", file);
        assertSameStream(recording("workflow-with-foreign-file"), answer);
        assertThat(answer.events().get(0)).contains("\"inputs\":{\"doc\":{\"type\":\"document\",");
        assertThat(answer.events().get(1)).contains("\"error\":\"Invalid upload file\"");
    }

    @Test
    void namesTheFilesAmongTheInputsOfAWorkflow() throws Exception {
        String file = Forms.upload(dify, "u1", "doc.txt", "text/plain", TEXT);
        Response answer = Recorded.again(dify, "workflow-with-files", file);
        Response recorded = Recordings.response(recording("workflow-with-files"));
        for (String input : List.of("doc", "docs", "sys.files")) {
            assertThat(Shape.of(input(answer, input))).isEqualTo(Shape.of(input(recorded, input)));
        }
        List<JsonNode> files = answer.events().stream()
                .map(event -> Json.parse(event).orElseThrow())
                .filter(event -> event.path("event").asText().equals("node_finished")
                        && event.at("/data/node_id").asText().equals("start"))
                .map(event -> event.at("/data/files"))
                .toList();
        assertThat(files).singleElement().satisfies(found -> assertThat(found).hasSize(3));
        Path preview = recording("file-preview-workflow-file");
        assertSame(preview, Wire.call(dify.url(), withIds(Recordings.request(preview), file)));
    }

    @Test
    void takesTheSystemFilesOfAWorkflowThatIsBlocking() throws Exception {
        String file = Forms.upload(dify, "u1", "a.bin", "application/zip", TEXT);
        String run = "{\"inputs\":{},\"user\":\"u1\",\"files\":[" + Forms.local("document", file) + "]}";
        String body = Wire.post(dify, "/workflows/run", run).body();
        String inputs = Shape.text(
                Wire.get(dify, "/workflows/run/" + Shape.text(body, "workflow_run_id"))
                        .body(),
                "inputs");
        JsonNode files = Json.parse(inputs).orElseThrow().path("sys.files");
        assertThat(files.at("/0/related_id").asText()).isEqualTo(file);

        Response foreign = Wire.post(dify, "/workflows/run", run.replace("\"u1\"", "\"u2\""));
        assertThat(foreign.status()).isEqualTo("HTTP/1.1 400 BAD REQUEST");
        assertThat(foreign.body()).contains("Invalid upload file");
    }

    @Test
    void refusesABadFileOfAChatflowBeforeTheStreamUpTo112() throws Exception {
        dify.close();
        dify = DifySimulator.builder().mode("advanced-chat").version("1.12.1").start();
        Response answer = ask(Forms.local("image", "11111111-2222-4333-8444-555555555555"));
        assertThat(answer.status()).isEqualTo("HTTP/1.1 400 BAD REQUEST");
        assertThat(answer.body()).contains("invalid_param", "Invalid upload file");
    }

    private void restart(String mode) {
        dify.close();
        dify = Recorded.simulator(mode);
    }

    private Response ask(String file) throws Exception {
        String question = Wire.question("Look", "streaming");
        return Wire.post(
                dify, "/chat-messages", question.substring(0, question.length() - 1) + ",\"files\":[" + file + "]}");
    }

    private static String systemFiles(Response answer) {
        return input(answer, "sys.files");
    }

    /** An input as the first event of a run shows it. */
    private static String input(Response answer, String name) {
        return Json.parse(answer.events().get(0))
                .orElseThrow()
                .at("/data/inputs/" + name)
                .toString();
    }
}
