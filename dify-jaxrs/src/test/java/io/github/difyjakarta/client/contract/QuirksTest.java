package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCalls.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** What a Dify does that one would not expect, in single calls. The client asks again, where that is safe. */
abstract class QuirksTest {
    static final ChatRequest QUESTION = ChatRequest.of(USER, "Where is my order?");
    static final WorkflowRequest RUN = WorkflowRequest.of(USER, Map.of());
    static final String ANSWER = "{\"event\":\"message\",\"message_id\":\"m\",\"answer\":\"Here.\"}";

    final DifySimulator dify = DifySimulator.start();
    final DifyClient client = DifyClient.create(DifyConfig.of(dify.url(), new ApiKey(dify.key()))
            .withMode(AppMode.CHAT)
            .withRetry(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5))));

    @AfterEach
    void closeAll() {
        client.close();
        dify.close();
    }

    static Script refusal(int status, String code, String message) {
        return Script.json(
                status, "{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"status\":" + status + "}");
    }

    static Consumer<DifyApiException> that(int status, String code) {
        return refusal -> {
            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.code()).isEqualTo(code);
        };
    }

    RecordedRequest onlyRequest() {
        assertThat(dify.requests()).hasSize(1);
        return dify.requests().get(0);
    }
}
