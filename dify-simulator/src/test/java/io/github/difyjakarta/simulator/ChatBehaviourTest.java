package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.StreamRecord.End;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the simulated app does beyond single recorded exchanges. */
class ChatBehaviourTest {

    private static final Duration SLOW = Duration.ofMillis(40);

    @Test
    void remembersTheConversationOfEachUser() throws Exception {
        try (DifySimulator dify = DifySimulator.start()) {
            Response first = Wire.post(dify, "/chat-messages", Wire.question("Where is my order 4711?", "streaming"));
            String conversation = Shape.text(first.events().get(0), "conversation_id");
            assertThat(answer(first)).contains("4711").matches("(?s).*[^\\x00-\\x7f].*");

            Response second = Wire.post(dify, "/chat-messages", inConversation("And can I return it?", conversation));
            assertThat(answer(second)).contains("Where is my order 4711?", "Order 4711 can be sent back");

            String history = Wire.get(dify, "/messages?user=u1&conversation_id=" + conversation)
                    .body();
            assertThat(history.indexOf("Where is my order")).isLessThan(history.indexOf("And can I return it?"));
            assertThat(Wire.get(dify, "/conversations?user=u1").body()).contains("Where is my order 4711?");
            assertThat(Wire.get(dify, "/conversations?user=u2").body()).doesNotContain(conversation);
            assertThat(Wire.get(dify, "/messages?user=u2&conversation_id=" + conversation)
                            .status())
                    .isEqualTo("HTTP/1.1 404 NOT FOUND");
        }
    }

    @Test
    void keepsThePartialAnswerOfAStoppedChat() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().typing(SLOW).start();
                Wire wire = new Wire(dify.url())) {
            String first = begin(dify, wire);
            String task = Shape.text(first, "task_id");
            assertThat(stop(dify, task, "someone-else")).contains("success");
            String typed = Shape.text(first, "answer") + Shape.text(frame(wire), "answer");
            stop(dify, task, "u1");
            String last = frame(wire);
            while (last.contains("\"event\":\"message\"")) {
                typed += Shape.text(last, "answer");
                last = frame(wire);
            }
            assertThat(last).contains("message_end", "\"total_price\":\"0E-7\"", "\"total_tokens\":0");
            assertThat(wire.chunk()).isEmpty();
            assertThat(storedAnswer(dify, first)).isEqualTo(typed).startsWith("Thank you ");
            assertThat(ending(dify)).isEqualTo(End.COMPLETED);
        }
    }

    @Test
    void losesTheAnswerWhenTheClientLeavesAChat() throws Exception {
        try (DifySimulator dify =
                DifySimulator.builder().typing(SLOW).maxActiveRequests(1).start()) {
            String first;
            try (Wire wire = new Wire(dify.url())) {
                first = begin(dify, wire);
                assertThat(Wire.post(dify, "/chat-messages", Wire.question("No room", "streaming"))
                                .body())
                        .contains("invalid_param", "Too many requests", " is 1.");
            }
            assertThat(ending(dify)).isEqualTo(End.CLIENT_CLOSED);
            dify.awaitOpenConnections(0, Duration.ofSeconds(5));
            assertThat(storedAnswer(dify, first)).isEmpty();
            assertThat(Wire.post(dify, "/chat-messages", Wire.question("Room again", "blocking"))
                            .status())
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void finishesAChatflowWithoutItsClient() throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                .typing(Duration.ofMillis(5))
                .mode("advanced-chat")
                .start()) {
            String started;
            try (Wire wire = new Wire(dify.url())) {
                wire.send(Wire.request(dify, "POST", "/chat-messages", Wire.question("Hello?", "streaming")));
                wire.head();
                assertThat(wire.chunk()).isEqualTo("event: ping\n\n");
                started = frame(wire);
            }
            assertThat(ending(dify)).isEqualTo(End.CLIENT_CLOSED);
            Wire.until(dify, "/workflows/run/" + Shape.text(started, "workflow_run_id"), "succeeded");
            assertThat(storedAnswer(dify, started)).startsWith("Thank you ").endsWith("for you?");
        }
    }

    @Test
    void pingsAtEachMultipleOfTheIntervalAlsoWhileTextFlows() throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                .typing(Duration.ofMillis(30))
                .pingInterval(Duration.ofMillis(100))
                .start()) {
            long asked = System.nanoTime();
            List<String> chunks = Wire.post(dify, "/chat-messages", Wire.question("Hello?", "streaming"))
                    .chunks();
            long tenths = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked) / 100;
            assertThat(chunks.stream()
                            .filter(chunk -> chunk.equals("event: ping\n\n"))
                            .count())
                    .isBetween(15L, tenths);
            // The writer thinks for 120 ms: the ping comes first and brings the head.
            assertThat(chunks).startsWith("event: ping\n\n");
        }
    }

    @Test
    void writesFramesInTheOldStyleIfAsked() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().asciiFrames().start()) {
            Response response = Wire.post(dify, "/chat-messages", Wire.question("Grüße?", "streaming"));
            assertThat(response.body())
                    .matches("[\\x00-\\x7f]*")
                    .contains("{\"event\": \"message\", ", "Gr\\u00fc\\u00dfe");
        }
    }

    @Test
    void closesIdleConnections() throws Exception {
        try (DifySimulator dify = DifySimulator.builder()
                        .keepAlive(Duration.ofMillis(100))
                        .start();
                Wire wire = new Wire(dify.url())) {
            wire.send("GET /v1/info HTTP/1.1\r\nAuthorization: Bearer app-simulator\r\n\r\n");
            assertThat(wire.response(false).status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(wire.toTheEnd()).isEmpty();
            dify.awaitOpenConnections(0, Duration.ofSeconds(5));
        }
    }

    @Test
    void invitesTheBodyOfACautiousClient() throws Exception {
        try (DifySimulator dify = DifySimulator.start();
                Wire wire = new Wire(dify.url())) {
            String request = Wire.request(dify, "POST", "/chat-messages", Wire.question("Hi", "blocking"));
            int body = request.indexOf("\r\n\r\n") + 4;
            wire.send(request.substring(0, body - 2) + "Expect: 100-continue\r\n\r\n");
            assertThat(wire.head()).containsExactly("HTTP/1.1 100 Continue");
            wire.send(request.substring(body));
            assertThat(wire.response(false).status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void answersAnOldClientWithoutChunks() throws Exception {
        try (DifySimulator dify = DifySimulator.builder().typing(Duration.ZERO).start();
                Wire wire = new Wire(dify.url())) {
            wire.send(Wire.request(dify, "POST", "/chat-messages", Wire.question("Hi", "streaming"))
                    .replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(wire.head()).contains("Connection: close").doesNotContain("Transfer-Encoding: chunked");
            assertThat(new String(wire.toTheEnd(), StandardCharsets.UTF_8))
                    .startsWith("data: {")
                    .endsWith("}\n\n");
        }
    }

    private static String begin(DifySimulator dify, Wire wire) throws IOException {
        wire.send(Wire.request(dify, "POST", "/chat-messages", Wire.question("Hello?", "streaming")));
        wire.head();
        return frame(wire);
    }

    private static String frame(Wire wire) throws IOException {
        return wire.chunk().substring("data: ".length());
    }

    private static String stop(DifySimulator dify, String task, String user) throws IOException {
        return Wire.post(dify, "/chat-messages/" + task + "/stop", "{\"user\":\"" + user + "\"}")
                .body();
    }

    private static String storedAnswer(DifySimulator dify, String frame) throws IOException {
        String conversation = Shape.text(frame, "conversation_id");
        String history = Wire.get(dify, "/messages?user=u1&conversation_id=" + conversation)
                .body();
        return Json.parse(history).orElseThrow().at("/data/0/answer").asText();
    }

    private static End ending(DifySimulator dify) throws Exception {
        return dify.streams().get(0).ended().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static String inConversation(String query, String conversation) {
        String question = Wire.question(query, "streaming");
        return question.substring(0, question.length() - 1) + ",\"conversation_id\":\"" + conversation + "\"}";
    }

    private static String answer(Response response) {
        StringBuilder answer = new StringBuilder();
        response.events().forEach(event -> answer.append(Shape.text(event, "answer")));
        return answer.toString();
    }
}
