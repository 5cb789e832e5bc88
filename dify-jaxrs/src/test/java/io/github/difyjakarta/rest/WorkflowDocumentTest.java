package io.github.difyjakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.json.Jackson;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.DifySimulatorBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A streamed run as a document, beside what the same app answers in blocking mode. */
class WorkflowDocumentTest {
    @Test
    void hasTheShapeOfDifysOwn() throws Exception {
        assertSameShape(DifySimulator.builder().mode("workflow").typing(Duration.ZERO), "succeeded");
    }

    @Test
    void tellsThatARunFailedAsDifyDoes() throws Exception {
        assertSameShape(
                DifySimulator.builder().mode("workflow").typing(Duration.ZERO).failsRuns(), "failed");
    }

    @Test
    void tellsThatARunWaitsForAHuman() throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                .mode("workflow")
                .typing(Duration.ZERO)
                .asksHuman()
                .start()) {
            JsonNode paused = streamed(dify).path("data");
            assertThat(paused.path("status").asText()).isEqualTo("paused");
            assertThat(paused.path("reasons")).isNotEmpty();
        }
    }

    private static void assertSameShape(DifySimulatorBuilder builder, String status) throws Exception {
        try (DifySimulator dify = builder.start()) {
            JsonNode streamed = streamed(dify);
            JsonNode blocking = blocking(dify);
            assertThat(names(streamed)).isEqualTo(names(blocking));
            assertThat(names(streamed.path("data"))).isEqualTo(names(blocking.path("data")));
            assertThat(streamed.path("data").path("status").asText()).isEqualTo(status);
            assertThat(streamed.path("data").path("outputs"))
                    .isEqualTo(blocking.path("data").path("outputs"));
            assertThat(streamed.path("task_id").asText()).isNotEmpty();
            assertThat(streamed.path("workflow_run_id"))
                    .isEqualTo(streamed.path("data").path("id"));
        }
    }

    private static JsonNode streamed(DifySimulator dify) throws IOException {
        try (DifyClient client = DifyClient.create(DifyConfig.of(dify.url(), new ApiKey(dify.key())))) {
            WorkflowRequest request = WorkflowRequest.of("ada", Map.of("order", "4711"));
            return Jackson.MAPPER.readTree(WorkflowDocument.of(
                    WorkflowDocument.collect(client.workflows().stream(request)).join()));
        }
    }

    private static JsonNode blocking(DifySimulator dify) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(dify.url() + "/workflows/run"))
                .header("Authorization", "Bearer " + dify.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\":{\"order\":\"4711\"},\"user\":\"ada\"}"))
                .build();
        return Jackson.MAPPER.readTree(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofByteArray())
                .body());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
