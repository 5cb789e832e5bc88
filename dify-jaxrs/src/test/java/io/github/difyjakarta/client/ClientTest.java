package io.github.difyjakarta.client;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A client and a scripted Dify, over real HTTP; deadlines are short so that tests of them are. */
abstract class ClientTest {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final ChatRequest QUESTION = ChatRequest.of("ada", "Where is my order?");

    /** Short, but the ones that must not fire while a test of another runs on a busy machine. */
    static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));

    static final RetryPolicy QUICK_RETRY = new RetryPolicy(3, Duration.ofMillis(20), Duration.ofMillis(100));

    final DifySimulator dify = DifySimulator.start();
    private Optional<DifyClient> made = Optional.empty();

    /** The configuration that tests vary. */
    DifyConfig config() {
        return DifyConfig.of(dify.url(), new ApiKey(dify.key()))
                .withMode(AppMode.CHAT)
                .withTimeouts(TIMEOUTS)
                .withRetry(QUICK_RETRY);
    }

    /** The test's client; closed with it. */
    DifyClient client() {
        return client(config());
    }

    DifyClient client(DifyConfig config) {
        if (made.isEmpty()) {
            made = Optional.of(DifyClient.create(config));
        }
        return made.get();
    }

    @AfterEach
    void closeAll() {
        made.ifPresent(DifyClient::close);
        dify.close();
    }

    /** What a stream failed with. */
    static Throwable failureOf(DifyStream stream) throws Exception {
        Recorder<Object> recorder = new Recorder<>(event -> {});
        stream.subscribe(recorder);
        return recorder.end().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What a call failed with. */
    static Throwable failureOf(CompletableFuture<?> call) throws Exception {
        try {
            throw new AssertionError("succeeded with " + call.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return Calls.unwrapped(e.getCause() == null ? e : e.getCause());
        }
    }

    List<RecordedRequest> posts() {
        return dify.requests().stream()
                .filter(request -> request.path().endsWith("/chat-messages"))
                .toList();
    }

    static String message(String answer) {
        return "{\"event\":\"message\",\"conversation_id\":\"c\",\"message_id\":\"m\",\"created_at\":1,\"task_id\":\"t-1\","
                + "\"id\":\"m\",\"answer\":\"" + answer + "\"}";
    }

    static String messageEnd() {
        return "{\"event\":\"message_end\",\"conversation_id\":\"c\",\"message_id\":\"m\",\"created_at\":1,"
                + "\"task_id\":\"t-1\",\"id\":\"m\",\"metadata\":{\"usage\":{\"total_tokens\":3,\"total_price\":\"0E-7\"}}}";
    }
}
