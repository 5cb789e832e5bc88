package io.github.difyjakarta.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.simulator.Script;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every answer that the documentation shows or a running Dify gave is understood, and accessors reach each value in it: when
 * the value is another one, a result tells something else.
 */
@EnabledIfSystemProperty(named = "contract.dir", matches = ".+", disabledReason = ContractTest.NEEDED)
class ResponsesTest extends ContractTest {
    /** Always {@code success}: the call itself says so by returning. */
    private static final Set<String> SUCCESS = Set.of("result");

    /** What an answer says of itself beside {@code message_id}; the caller knows the app's mode. */
    private static final Set<String> OF_ANSWERS = Set.of("event", "id", "mode");

    /** A chatflow that waits tells all of the answer a second time, and each form its node. */
    private static final Set<String> OF_PAUSES = Set.of(
            "data.id",
            "data.mode",
            "data.conversation_id",
            "data.message_id",
            "data.answer",
            "data.metadata.annotation_reply",
            "data.metadata.reasoning",
            "data.metadata.retriever_resources",
            "data.metadata.usage",
            "data.paused_nodes[]",
            "data.reasons[].TYPE");

    /** By endpoint: what only the JSON of a result has. */
    private static final Map<String, Set<String>> IN_THE_JSON_ONLY = Map.of(
            "POST /chat-messages", union(OF_ANSWERS, OF_PAUSES),
            "POST /completion-messages", OF_ANSWERS,
            "POST /workflows/run", Set.of("data.paused_nodes[]", "data.reasons[].TYPE"),
            "POST /chat-messages/{task_id}/stop", SUCCESS,
            "POST /completion-messages/{task_id}/stop", SUCCESS,
            "POST /workflows/tasks/{task_id}/stop", SUCCESS,
            "POST /messages/{message_id}/feedbacks", SUCCESS,
            "GET /messages/{message_id}/suggested", SUCCESS,
            // The name of the object that it is in, again.
            "GET /parameters",
                    Set.of(
                            "user_input_form[].checkbox.type",
                            "user_input_form[].json_object.type",
                            "user_input_form[].select.type",
                            "user_input_form[].text-input.type"));

    private final Map<Reply, Set<String>> unreachable = new HashMap<>();

    static List<Reply> answers() {
        return Stream.concat(
                        Published.examples("response").stream().map(Published.Example::reply),
                        Published.recordings().stream())
                .filter(reply -> reply.status() < 300 && reply.isJson() && isAnObject(reply.body()))
                .filter(reply -> !isFailure(reply))
                .toList();
    }

    private static boolean isAnObject(String body) {
        return body.startsWith("{");
    }

    /** A run that failed is answered with success, and becomes an exception. */
    private static boolean isFailure(Reply reply) {
        return Published.parse(reply.body())
                .path("data")
                .path("status")
                .asText()
                .equals("failed");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void accessorsReachEveryValue(Reply reply) {
        assertThat(unreachable(reply)).isSubsetOf(exceptions(reply.endpoint()));
    }

    @Test
    void noExceptionIsWithoutNeed() {
        Map<String, Set<String>> needed = new HashMap<>();
        for (Reply reply : answers()) {
            needed.computeIfAbsent(reply.endpoint().toString(), endpoint -> new TreeSet<>())
                    .addAll(unreachable(reply));
        }
        needed.values().removeIf(Set::isEmpty);
        assertThat(needed).isEqualTo(IN_THE_JSON_ONLY);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        return Stream.of(one, other).flatMap(Set::stream).collect(Collectors.toSet());
    }

    private static Set<String> exceptions(Endpoint endpoint) {
        return IN_THE_JSON_ONLY.getOrDefault(endpoint.toString(), Set.of());
    }

    private Set<String> unreachable(Reply reply) {
        return unreachable.computeIfAbsent(reply, this::search);
    }

    private Set<String> search(Reply reply) {
        JsonNode body = Published.parse(reply.body());
        Walk walk = Walk.over(made(reply, body));
        Set<String> missing = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (Leaf leaf : Leaf.of(body)) {
            boolean found = walk.has(leaf.value())
                    && (!seen.add(leaf.path() + leaf.value().getNodeType())
                            || leaf.changed().anyMatch(other -> tellsSomethingElse(reply, other, walk)));
            if (!found && !isNullForAnObject(reply.endpoint(), leaf)) {
                missing.add(leaf.path());
            }
        }
        return missing;
    }

    /** Where another answer has an object, its values are looked for there. */
    private static boolean isNullForAnObject(Endpoint endpoint, Leaf leaf) {
        return leaf.value().isNull()
                && answers().stream()
                        .filter(reply -> reply.endpoint().equals(endpoint))
                        .flatMap(reply -> Leaf.of(Published.parse(reply.body())).stream())
                        .anyMatch(other -> other.path().startsWith(leaf.path() + "."));
    }

    private boolean tellsSomethingElse(Reply reply, JsonNode other, Walk walk) {
        try {
            return !Walk.over(made(reply, other)).told().equals(walk.told());
        } catch (DifyException e) {
            return true; // who refuses it has read it
        }
    }

    private Object made(Reply reply, JsonNode body) {
        ClientCall call = ClientCalls.of(reply.endpoint())
                .filter(one -> one.kind() == ClientCall.Kind.JSON)
                .findFirst()
                .orElseThrow();
        return answered(call, Script.json(reply.status(), body.toString()).contentType(reply.contentType()));
    }
}
