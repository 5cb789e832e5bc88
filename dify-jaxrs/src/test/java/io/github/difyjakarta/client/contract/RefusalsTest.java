package io.github.difyjakarta.client.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.conversation.SuggestedQuestions;
import io.github.difyjakarta.client.error.DifyApiException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal that the documentation shows or a running Dify gave is told with its status, code and message. */
@EnabledIfSystemProperty(named = "contract.dir", matches = ".+", disabledReason = ContractTest.NEEDED)
class RefusalsTest extends ContractTest {
    static List<Arguments> refusals() {
        return replies()
                .filter(reply -> reply.status() >= 400)
                .flatMap(reply -> callsOf(reply).map(call -> Arguments.of(reply, call)))
                .toList();
    }

    /** The first call for each way in which the endpoint answers. */
    private static Stream<ClientCall> callsOf(Reply reply) {
        Set<ClientCall.Kind> seen = EnumSet.noneOf(ClientCall.Kind.class);
        return ClientCalls.of(reply.endpoint()).filter(call -> seen.add(call.kind()));
    }

    private static Stream<Reply> replies() {
        return Stream.concat(
                Published.examples("error").stream().map(Published.Example::reply), Published.recordings().stream());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void areToldAsTheyCame(Reply reply, ClientCall call) {
        JsonNode envelope = reply.isJson() ? Published.parse(reply.body()) : Published.parse("{}");
        if (isSuggestedDisabled(reply, envelope)) {
            assertThat(answered(call, reply.script())).isEqualTo(new SuggestedQuestions(false, List.of()));
            return;
        }
        assertThatThrownBy(() -> answered(call, reply.script()))
                .isInstanceOfSatisfying(DifyApiException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(reply.status());
                    assertThat(refusal.code()).isEqualTo(envelope.path("code").asText("http_" + reply.status()));
                    assertThat(refusal.difyMessage())
                            .isEqualTo(envelope.path("message").asText(""));
                    assertThat(refusal.reply().body()).isEqualTo(reply.body());
                    assertThat(refusal.reply().serverVersion()).isPresent();
                });
    }

    private static boolean isSuggestedDisabled(Reply reply, JsonNode envelope) {
        return reply.endpoint().path().endsWith("/suggested")
                && envelope.path("code").asText().equals("bad_request");
    }

    static List<Reply> emptySuccesses() {
        return replies()
                .filter(reply -> reply.status() == 200 && reply.body().strip().equals("null"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("emptySuccesses")
    void nullForSpeechMeansThatThereIsNothingToSay(Reply reply) {
        assertThat(callsOf(reply)).isNotEmpty().allSatisfy(call -> assertThatThrownBy(
                        () -> answered(call, reply.script()))
                .isInstanceOfSatisfying(DifyApiException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(404);
                    assertThat(refusal.code()).isEqualTo("not_found");
                }));
    }

    static List<Reply> failedRuns() {
        return replies()
                .filter(reply -> reply.status() == 200 && reply.isJson())
                .filter(reply -> failure(reply).isTextual())
                .toList();
    }

    private static JsonNode failure(Reply reply) {
        JsonNode run = Published.parse(reply.body()).path("data");
        return run.path("status").asText().equals("failed") ? run.path("error") : run.path("no error");
    }

    @ParameterizedTest
    @MethodSource("failedRuns")
    void runsThatFailedAreNoSuccess(Reply reply) {
        ClientCall blocking = callsOf(reply)
                .filter(call -> call.kind() == ClientCall.Kind.JSON)
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> answered(blocking, reply.script()))
                .isInstanceOfSatisfying(DifyApiException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("workflow_failed");
                    assertThat(refusal.difyMessage()).isEqualTo(failure(reply).asText());
                });
    }
}
