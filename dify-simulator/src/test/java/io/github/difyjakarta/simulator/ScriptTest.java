package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.simulator.StreamRecord.End;
import io.github.difyjakarta.simulator.Wire.Response;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Script TWO = Script.stream().event("{\"a\":\"ä😀\"}").event("{\"b\":2}");

    private final DifySimulator dify = DifySimulator.start();

    @AfterEach
    void close() {
        dify.close();
    }

    @Test
    void sendsEveryFrameInAChunkOfItsOwnAndKeepsTheConnection() throws Exception {
        dify.always(TWO.ping());
        try (Wire wire = new Wire(dify.url())) {
            for (int i = 0; i < 3; i++) {
                wire.send(ask());
                Response response = wire.response(false);

                assertThat(response.status()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(response.headers()).contains("Content-Type: text/event-stream; charset=utf-8");
                assertThat(response.chunks())
                        .containsExactly("data: {\"a\":\"ä😀\"}\n\n", "data: {\"b\":2}\n\n", "event: ping\n\n");
            }
        }
        assertThat(dify.requests()).extracting(RecordedRequest::connection).containsOnly(1L);
        assertEnded(End.COMPLETED, 2);
    }

    @Test
    void usesUpTheNextScriptsBeforeTheLastingOne() throws Exception {
        dify.always(Script.json(400, "{\"always\":1}"));
        dify.next(Script.json(429, "{\"first\":1}").header("Retry-After", "7"));
        dify.next(Script.html(502, "<html>bad</html>"));

        Response first = Wire.post(dify, "/chat-messages", "{}");
        assertThat(first.status()).isEqualTo("HTTP/1.1 429 TOO MANY REQUESTS");
        assertThat(first.headers()).contains("Retry-After: 7", "Content-Type: application/json");
        assertThat(first.body()).isEqualTo("{\"first\":1}");
        assertThat(Wire.post(dify, "/chat-messages", "{}").headers())
                .contains("Content-Type: text/html; charset=utf-8");
        assertThat(Wire.post(dify, "/chat-messages", "{}").body()).isEqualTo("{\"always\":1}");
        assertThat(Wire.post(dify, "/chat-messages", "{}").body()).isEqualTo("{\"always\":1}");
    }

    @Test
    void answersAnyPathByScript() throws Exception {
        dify.nextAt("GET", "/parameters", Script.json(500, "{}"));
        dify.nextAt("POST", "/messages/*", Script.json(503, "{}"));

        assertThat(Wire.post(dify, "/messages/1/feedbacks", "{}").status()).startsWith("HTTP/1.1 503");
        assertThat(Wire.get(dify, "/parameters?user=u").status()).startsWith("HTTP/1.1 500");
        assertThat(Wire.get(dify, "/parameters").status()).startsWith("HTTP/1.1 200");
    }

    @Test
    void holdsTheHeadBackUntilTheFirstFrame() throws Exception {
        dify.next(Script.stream().pause(Duration.ofMillis(300)).event("{}"));
        try (Wire wire = new Wire(dify.url())) {
            long asked = System.nanoTime();
            wire.send(ask());
            String first = wire.read();
            assertThat(millisSince(asked)).isGreaterThanOrEqualTo(295);
            assertThat(first).startsWith("HTTP/1.1 200").contains("data: {}");
        }
    }

    @Test
    void sendsTheHeadEarlyOrLateIfTold() throws Exception {
        dify.next(Script.stream()
                .headAfter(Duration.ofMillis(200))
                .pause(Duration.ofMillis(200))
                .event("{}"));
        try (Wire wire = new Wire(dify.url())) {
            long asked = System.nanoTime();
            wire.send(ask());
            assertThat(wire.head()).contains("Transfer-Encoding: chunked");
            assertThat(millisSince(asked)).isGreaterThanOrEqualTo(195);
            assertThat(wire.chunk()).isEqualTo("data: {}\n\n");
            assertThat(millisSince(asked)).isGreaterThanOrEqualTo(395);
        }
        dify.next(Script.json(200, "{}").headAfter(Duration.ofMillis(100)));
        long asked = System.nanoTime();
        assertThat(Wire.post(dify, "/chat-messages", "{}").body()).isEqualTo("{}");
        assertThat(millisSince(asked)).isGreaterThanOrEqualTo(95);
    }

    @Test
    void keepsThePaceOfManyEvents() throws Exception {
        dify.next(Script.stream().events(50, Duration.ofMillis(10), i -> "{\"i\":" + i + "}"));
        long asked = System.nanoTime();
        Response response = Wire.post(dify, "/chat-messages", "{}");
        assertThat(millisSince(asked)).isBetween(485L, 5_000L);
        assertThat(response.events()).hasSize(50).startsWith("{\"i\":0}").endsWith("{\"i\":49}");
    }

    @Test
    void sendsFastEventsOnlyAsFastAsTheyAreRead() throws Exception {
        String large = "x".repeat(10_000);
        dify.next(Script.stream().events(5_000, Duration.ZERO, i -> large + i));
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            // Meanwhile others are served: the stream waits for its reader, not the thread.
            assertThat(Wire.get(dify, "/info").status()).startsWith("HTTP/1.1 200");
            assertThat(wire.response(false).events()).hasSize(5_000).endsWith(large + 4_999);
        }
    }

    @Test
    void splitsHeadsAndCharactersAnywhere() throws Exception {
        dify.next(Script.stream().splitEvery(1).event("{\"a\":\"ä😀\"}"));
        assertThat(Wire.post(dify, "/chat-messages", "{}").events()).containsExactly("{\"a\":\"ä😀\"}");
    }

    @Test
    void cutsWithoutTheLastChunk() throws Exception {
        dify.next(TWO.cut());
        assertThatThrownBy(() -> Wire.post(dify, "/chat-messages", "{}")).isInstanceOf(EOFException.class);
        assertEnded(End.CUT, 0);
        dify.awaitOpenConnections(0, SOON);
    }

    @Test
    void cutsInTheMiddleOfAChunk() throws Exception {
        dify.next(Script.stream()
                .rawResponse(utf8("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nda"))
                .cut());
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            assertThat(new String(wire.toTheEnd(), StandardCharsets.UTF_8)).endsWith("\r\n\r\n10\r\nda");
        }
    }

    @Test
    void resetsTheConnection() throws Exception {
        dify.next(TWO.pause(Duration.ofMillis(50)).reset());
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            wire.head();
            assertThat(wire.chunk()).contains("ä😀");
            assertThat(wire.chunk()).contains("2");
            assertThatThrownBy(wire::chunk).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
        assertEnded(End.RESET, 0);
    }

    @Test
    void fallsSilentUntilTheClientLeaves() throws Exception {
        dify.next(TWO.silence());
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            wire.head();
            wire.chunk();
            wire.chunk();
            assertThat(dify.openConnections()).isEqualTo(1);
            assertThat(dify.streams().get(0).ended().toCompletableFuture()).isNotDone();
        }
        assertEnded(End.CLIENT_CLOSED, 0);
        dify.awaitOpenConnections(0, SOON);
    }

    @Test
    void endsSilentStreamsWhenItIsClosed() throws Exception {
        dify.next(TWO.silence());
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            wire.head();
            dify.close();
            dify.close();
            assertThat(new String(wire.toTheEnd(), StandardCharsets.UTF_8)).endsWith("{\"b\":2}\n\n\r\n");
            assertEnded(End.CUT, 0);
            assertThat(dify.openConnections()).isZero();
            assertThatThrownBy(() -> new Wire(dify.url())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void waitsForTheStopOfItsOwnTask() throws Exception {
        dify.next(Script.stream().event("{\"task_id\":\"t1\"}").awaitStop(SOON).event("{\"stopped\":1}"));
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            wire.head();
            wire.chunk();
            long asked = System.nanoTime();
            assertThat(stop("t2").body()).contains("success");
            assertThat(stop("t1").body()).contains("success");
            assertThat(wire.chunk()).contains("stopped");
            assertThat(millisSince(asked)).isLessThan(2_000);
        }
    }

    @Test
    void doesNotWaitForAStopLongerThanTold() throws Exception {
        dify.next(Script.stream()
                .event("{\"task_id\":\"t1\"}")
                .awaitStop(Duration.ofMillis(100))
                .event("{\"on\":1}"));
        assertThat(Wire.post(dify, "/chat-messages", "{}").events()).hasSize(2);
    }

    @Test
    void sendsAnyBytesInsteadOfAResponse() throws Exception {
        dify.next(Script.stream().rawResponse(utf8("garbage\r\n\r\n")).raw("more"));
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            assertThat(new String(wire.toTheEnd(), StandardCharsets.UTF_8)).isEqualTo("garbage\r\n\r\nmore");
        }
    }

    @Test
    void replaysATranscriptFrameByFrame() throws Exception {
        byte[] golden = Recordings.bytes("chat_basic.sse");
        dify.next(Script.transcript(golden));
        Response response = Wire.post(dify, "/chat-messages", "{}");
        assertThat(response.body()).isEqualTo(new String(golden, StandardCharsets.UTF_8));
        assertThat(response.chunks())
                .hasSizeGreaterThan(4)
                .allMatch(chunk -> chunk.indexOf("\n\n") == chunk.length() - 2);
    }

    @Test
    void replaysARecordingWithItsPace() throws Exception {
        Path http = Recordings.file("chat-streaming-basic.http");
        dify.next(Script.recording(http, Recordings.file("chat-streaming-basic.timing.json")));
        long asked = System.nanoTime();
        Response response = Wire.post(dify, "/chat-messages", "{}");
        assertThat(millisSince(asked)).isBetween(310L, 5_000L);
        assertThat(response).isEqualTo(Recordings.response(http));
    }

    @Test
    void tellsWhoWaitsInVainWhatCameInstead() throws Exception {
        Wire.get(dify, "/info?user=u");
        assertThat(dify.awaitRequest(request -> request.query().equals("user=u"), SOON)
                        .path())
                .isEqualTo("/info");
        assertThatThrownBy(() -> dify.awaitRequest(request -> request.path().equals("/x"), Duration.ofMillis(50)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("/info");
        assertThatThrownBy(() -> dify.awaitOpenConnections(7, Duration.ofMillis(50)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void hasNoFurtherStepsAfterAWholeAnswer() {
        assertThatThrownBy(() -> Script.json(200, "{}").ping()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givesUpOnAReaderThatNeverReads() throws Exception {
        dify.next(Script.stream().events(1_000_000, Duration.ZERO, i -> "x".repeat(1000)));
        try (Wire wire = new Wire(dify.url())) {
            wire.send(ask());
            wire.head();
        }
        assertEnded(End.CLIENT_CLOSED, 0);
    }

    @Test
    void cutsTheStreamOfAScriptThatFailsAndNoOther() throws Exception {
        dify.next(Script.stream().events(2, Duration.ZERO, i -> Integer.toString(1 / (1 - i))));
        assertThatThrownBy(() -> Wire.post(dify, "/chat-messages", "{}")).isInstanceOf(EOFException.class);
        assertThat(Wire.get(dify, "/info").status()).startsWith("HTTP/1.1 200");
    }

    private Response stop(String task) throws IOException {
        return Wire.post(dify, "/chat-messages/" + task + "/stop", "{\"user\":\"u1\"}");
    }

    private String ask() {
        return Wire.request(dify, "POST", "/chat-messages", Wire.question("Hello?", "streaming"));
    }

    private void assertEnded(End how, int stream) throws Exception {
        List<StreamRecord> streams = dify.streams();
        assertThat(streams.get(stream).ended().toCompletableFuture().get(5, TimeUnit.SECONDS))
                .isEqualTo(how);
        assertThat(streams.get(stream).request().path()).isEqualTo("/chat-messages");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
