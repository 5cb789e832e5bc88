package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The limit of answers at the same time. */
class LimitTest {

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    @Test
    void refusesTheSecondStreamOfAChat() throws Exception {
        try (DifySimulator dify = simulator("chat", 1).start();
                Wire first = new Wire(dify.url())) {
            first.send(Wire.request(dify, "POST", "/chat-messages", Wire.question("Hello?", "streaming")));
            first.head();
            assertSameButForTheApp(dify, "limit-chat-streaming-second");
        }
    }

    @Test
    void refusesTheThirdBlockingRun() throws Exception {
        try (DifySimulator dify = simulator("workflow", 2).start();
                Wire first = new Wire(dify.url());
                Wire second = new Wire(dify.url())) {
            String run = Recordings.request(Recorded.recording("limit-workflow-blocking-third"));
            first.send(run);
            second.send(run);
            dify.awaitRequest(request -> request.connection() == 1, Duration.ofSeconds(5));
            dify.awaitRequest(request -> request.connection() == 2, Duration.ofSeconds(5));
            assertSameButForTheApp(dify, "limit-workflow-blocking-third");
        }
    }

    @Test
    void letsNoStreamedRunInWhereOneIsAllowedAndManyWhereTwoAre() throws Exception {
        try (DifySimulator dify = simulator("workflow", 1).start()) {
            assertSameButForTheApp(dify, "limit-workflow-streaming-limit1-alone");
        }
        try (DifySimulator dify = simulator("workflow", 2).start();
                Wire first = new Wire(dify.url());
                Wire second = new Wire(dify.url());
                Wire third = new Wire(dify.url())) {
            for (Wire wire : new Wire[] {first, second, third}) {
                wire.send(Recordings.request(Recorded.recording("limit-workflow-streaming-limit1-alone")));
                assertThat(wire.head()).contains("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void countsStreamedRunsUpTo112() throws Exception {
        try (DifySimulator dify = simulator("workflow", 1).version("1.12.1").start();
                Wire first = new Wire(dify.url())) {
            first.send(Recordings.request(Recorded.recording("limit-workflow-streaming-limit1-alone")));
            assertThat(first.head()).contains("HTTP/1.1 200 OK");
            assertThat(again(dify, "limit-workflow-streaming-limit1-alone").body())
                    .contains("Too many requests");
        }
    }

    @Test
    void refusesAsDocumentedIfAsked() throws Exception {
        try (DifySimulator dify = simulator("completion", 0).limitAs429().start()) {
            Response refused = Wire.post(dify, "/completion-messages", Wire.question("Hi", "blocking"));
            assertThat(refused.status()).isEqualTo("HTTP/1.1 429 TOO MANY REQUESTS");
            assertThat(refused.body()).contains("\"code\": \"too_many_requests\"");
        }
    }

    private static DifySimulatorBuilder simulator(String mode, int limit) {
        return DifySimulator.builder()
                .key("app-REDACTED")
                .mode(mode)
                .maxActiveRequests(limit)
                .typing(Duration.ofMillis(40));
    }

    private static Response again(DifySimulator dify, String name) throws IOException {
        return Recorded.again(dify, name, "");
    }

    private static void assertSameButForTheApp(DifySimulator dify, String name) throws IOException {
        Response recorded = Recordings.response(Recorded.recording(name));
        Response answer = again(dify, name);
        assertThat(answer.status()).isEqualTo(recorded.status());
        assertThat(UUID.matcher(answer.body()).replaceAll("APP"))
                .isEqualTo(UUID.matcher(recorded.body()).replaceAll("APP"));
    }
}
