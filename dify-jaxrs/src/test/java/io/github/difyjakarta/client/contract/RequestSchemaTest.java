package io.github.difyjakarta.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that the client sends is what Dify's OpenAPI document allows, and all that this allows can be sent. */
@EnabledIfSystemProperty(named = "contract.dir", matches = ".+", disabledReason = ContractTest.NEEDED)
class RequestSchemaTest extends ContractTest {
    /** What the client leaves out on purpose. */
    private static final Set<String> NOT_SENT = Set.of(
            // Dify's own filter fails on PostgreSQL: the client looks for the name itself.
            "GET /conversations/{conversation_id}/variables variable_name",
            // Accepted and ignored.
            "GET /files/{file_id}/preview user");

    private final OpenApi api = new OpenApi(Published.openApiText());

    static List<ClientCall> calls() {
        return ClientCalls.all();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void sendsWhatTheDocumentAllows(ClientCall call) {
        List<RecordedRequest> sent = sent(call, Answers.plain(call));
        assertThat(sent).isNotEmpty().allSatisfy(request -> {
            OpenApi.Operation operation = api.operation(request);
            assertThat(operation.endpoint()).isEqualTo(call.endpoint());
            assertThat(operation.complaints(request)).isEmpty();
            assertThat(request.header("authorization")).contains("Bearer " + dify.key());
        });
    }

    @Test
    void theDocumentIsReadWithCare() {
        assertThat(complaints("GET", "/workflows/logs", "limit=101&status=paused&created_at__after=yesterday&x=1", ""))
                .hasSize(4);
        assertThat(complaints("GET", "/messages/nope/suggested", "", "")).hasSize(2);
        assertThat(complaints("POST", "/chat-messages", "", "{\"query\":1,\"inputs\":{},\"mode\":\"blocking\"}"))
                .hasSize(3);
        assertThat(complaints("POST", "/chat-messages", "", "{\"query\":\"q\",\"inputs\":{},\"user\":\"u\"}"))
                .isEmpty();
    }

    private List<String> complaints(String method, String path, String query, String body) {
        Map<String, List<String>> headers = Map.of("content-type", List.of("application/json"));
        RecordedRequest request = new RecordedRequest(method, path, query, headers, body, 1);
        return api.operation(request).complaints(request);
    }

    @Test
    void hasACallForEachOfTheEndpoints() {
        assertThat(Published.endpoints()).hasSize(36).allSatisfy(endpoint -> assertThat(ClientCalls.of(endpoint))
                .isNotEmpty());
    }

    @Test
    void canSendEveryPartThatTheDocumentNames() {
        Set<String> missing = new TreeSet<>();
        for (Endpoint endpoint : Published.endpoints()) {
            Set<String> sent = new TreeSet<>();
            ClientCalls.of(endpoint).forEach(call -> sent(call, Answers.plain(call))
                    .forEach(request -> sent.addAll(api.operation(request).partsOf(request))));
            api.operation(endpoint).parts().stream()
                    .filter(part -> !sent.contains(part))
                    .map(part -> endpoint + " " + part)
                    .forEach(missing::add);
        }
        assertThat(missing).isEqualTo(new TreeSet<>(NOT_SENT));
    }

    @Test
    void canAskForBothResponseModesWhereThereAreTwo() {
        for (Endpoint endpoint : Published.endpoints()) {
            Set<String> modes = new TreeSet<>();
            ClientCalls.of(endpoint)
                    .flatMap(call -> sent(call, Answers.plain(call)).stream())
                    .filter(request -> request.body().startsWith("{"))
                    .map(request -> Published.parse(request.body()).path("response_mode"))
                    .filter(JsonNode::isTextual)
                    .forEach(mode -> modes.add(mode.asText()));
            if (api.operation(endpoint).parts().contains("response_mode")) {
                assertThat(modes).as(endpoint.toString()).containsExactly("blocking", "streaming");
            }
        }
    }
}
