package io.github.difyjakarta.client.contract;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** One client and one scripted Dify for all tests of a class; nothing is asked twice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContractTest {
    static final String NEEDED = "needs -Dcontract.dir=<where openapi_service.json, examples/ and real/ lie>";

    final DifySimulator dify = DifySimulator.start();
    final DifyClient client = DifyClient.create(DifyConfig.of(dify.url(), new ApiKey(dify.key()))
            .withMode(AppMode.CHAT)
            .withRetry(new RetryPolicy(1, Duration.ofMillis(1), Duration.ofMillis(1))));

    @AfterAll
    void closeAll() {
        client.close();
        dify.close();
    }

    /** What the client makes of an answer. */
    Object answered(ClientCall call, Script answer) {
        dify.nextAt(call.endpoint().method(), "/*", answer);
        return call.make(client);
    }

    /** What the client sent in a call that was answered. */
    List<RecordedRequest> sent(ClientCall call, Script answer) {
        int before = dify.requests().size();
        answered(call, answer);
        List<RecordedRequest> all = dify.requests();
        return all.subList(before, all.size());
    }
}
