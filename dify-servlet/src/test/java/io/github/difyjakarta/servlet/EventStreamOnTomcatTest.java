package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.servlet.RawClient.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Held streams in a real container, written the way Jersey writes them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventStreamOnTomcatTest {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final byte[] FRAME = ("data: " + "x".repeat(32_000) + "\n\n").getBytes(UTF_8);

    private final TestServer server = new TestServer();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final BlockingQueue<EventStreamOutput> outputs = new LinkedBlockingQueue<>();

    /** A framework's sink: asynchronous first, then the hold, then the head by addHeader. */
    private record Sink(EventStreamOutput output, AsyncContext async, ServletOutputStream out) {

        static Sink open(HttpServletRequest request, HttpServletResponse response, Duration preambleAfter)
                throws IOException {
            AsyncContext async = request.startAsync(request, response);
            EventStreamOutput output = EventStreamOutput.of(request).orElseThrow();
            output.hold(preambleAfter, ": open\n\n".getBytes(UTF_8));
            response.setStatus(200);
            response.addHeader("Content-Type", "text/event-stream;charset=UTF-8");
            return new Sink(output, async, response.getOutputStream());
        }

        void send(String frame) {
            try {
                out.write(frame.getBytes(UTF_8));
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void close() {
            async.complete();
            output.finish();
        }
    }

    @BeforeAll
    void start() {
        server.streamingFilter()
                .servlet("/events", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    workers.execute(() -> {
                        sink.output.release();
                        for (int i = 0; i < 200; i++) {
                            sink.send("data: " + i + "\n\n");
                        }
                        sink.close();
                    });
                })
                .servlet("/events/in-the-request-thread", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    sink.output.release();
                    sink.send("data: 0\n\n");
                    sink.close();
                })
                .servlet("/refused", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    response.setHeader("X-Held", "yes");
                    sink.send(": preamble\n\n");
                    workers.execute(() -> {
                        refuse(sink.output);
                        sink.async.complete();
                    });
                })
                .servlet("/refused/in-the-request-thread", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    refuse(sink.output);
                    sink.async.complete();
                })
                .servlet("/refused/synchronously", (request, response) -> {
                    EventStreamOutput output = EventStreamOutput.of(request).orElseThrow();
                    output.hold(Duration.ofSeconds(30), new byte[0]);
                    refuse(output);
                })
                .servlet("/preamble", (request, response) -> {
                    Sink sink = Sink.open(request, response, SOON);
                    outputs.add(sink.output);
                })
                .servlet("/exception", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    sink.send(": preamble\n\n");
                    response.setContentLength(14);
                    response.setHeader("Content-Type", "application/json");
                    response.setStatus(409);
                    sink.out.print("{\"status\":409}");
                    sink.async.complete();
                })
                .servlet("/error", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    sink.send(": preamble\n\n");
                    response.sendError(404);
                    sink.async.complete();
                })
                .servlet("/thrown", (request, response) -> {
                    Sink.open(request, response, Duration.ofSeconds(30)).send(": preamble\n\n");
                    throw new IllegalStateException("thrown by the test's resource");
                })
                .servlet("/flood", (request, response) -> {
                    Sink sink = Sink.open(request, response, Duration.ofSeconds(30));
                    sink.output.release();
                    sink.send("data: first\n\n");
                    outputs.add(sink.output);
                })
                .servlet("/not-async", false, (request, response) -> {
                    EventStreamOutput output = EventStreamOutput.of(request).orElseThrow();
                    assertThatThrownBy(() -> output.hold(SOON, new byte[0]))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("async-supported");
                    response.getWriter().print("told");
                })
                .servlet("/too-late", (request, response) -> {
                    response.getWriter().print("told");
                    EventStreamOutput output = EventStreamOutput.of(request).orElseThrow();
                    assertThatThrownBy(() -> output.hold(SOON, new byte[0]))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("first byte");
                })
                .start();
    }

    private static void refuse(EventStreamOutput output) {
        assertThat(output.refuse(
                        429,
                        Map.of("Retry-After", "7"),
                        "application/problem+json",
                        "{\"status\":429}".getBytes(UTF_8)))
                .isTrue();
    }

    @AfterAll
    void stop() {
        workers.shutdownNow();
        server.close();
    }

    private EventStreamOutput output() throws InterruptedException {
        EventStreamOutput output = outputs.poll(10, TimeUnit.SECONDS);
        assertThat(output).isNotNull();
        return output;
    }

    private static String allEvents() {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            events.append("data: ").append(i).append("\n\n");
        }
        return events.toString();
    }

    @Test
    void answersStreamsAndRefusalsInTurnOnOneConnection() throws IOException {
        String events = allEvents();
        try (RawClient client = server.client()) {
            for (int i = 0; i < 300; i++) {
                switch (i % 6) {
                    case 0 -> assertRefused(client, "/refused");
                    case 1 -> assertRefused(client, "/refused/in-the-request-thread");
                    case 2 -> assertRefused(client, "/refused/synchronously");
                    case 3 -> {
                        Answer answer = client.get("/exception").readHead();
                        assertThat(answer.status()).isEqualTo(409);
                        assertThat(client.readBody(answer)).isEqualTo("{\"status\":409}");
                    }
                    case 4 -> {
                        Answer answer =
                                client.get("/events/in-the-request-thread").readHead();
                        assertThat(client.readBody(answer)).isEqualTo("data: 0\n\n");
                    }
                    default -> {
                        Answer answer = client.get("/events").readHead();
                        assertThat(answer.status()).isEqualTo(200);
                        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
                        assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
                        assertThat(client.readBody(answer)).isEqualTo(events);
                    }
                }
                assertThat(client.hasBytes()).isFalse();
            }
        }
    }

    private static void assertRefused(RawClient client, String path) throws IOException {
        Answer answer = client.get(path).readHead();
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Retry-After")).isEqualTo("7");
        assertThat(answer.headers()).doesNotContainKeys("X-Held", "X-Accel-Buffering", "Transfer-Encoding");
        assertThat(client.readBody(answer)).isEqualTo("{\"status\":429}");
    }

    @Test
    void sendsThePreambleWhenNobodyDecides() throws Exception {
        try (RawClient client = server.client()) {
            Answer answer = client.get("/preamble").readHead();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(client.readChunk()).asString(UTF_8).isEqualTo(": open\n\n");
            EventStreamOutput output = output();
            assertThat(output.refuse(429, Map.of(), "text/plain", new byte[0])).isFalse();
            output.writeDirect("data: terminal\n\n".getBytes(UTF_8));
            output.finish();
            assertThat(client.readBody(answer)).isEqualTo("data: terminal\n\n");
        }
    }

    @Test
    void turnsAnErrorOfTheFrameworkIntoAStatus() throws IOException {
        try (RawClient client = server.client()) {
            Answer notFound = client.get("/error").readHead();
            assertThat(notFound.status()).isEqualTo(404);
            assertThat(client.readBody(notFound)).isEmpty();
            Answer failed = client.get("/thrown").readHead();
            assertThat(failed.status()).isEqualTo(500);
            assertThat(client.readBody(failed)).isEmpty();
        }
    }

    @Test
    void saysWhyItCannotHold() throws IOException {
        try (RawClient client = server.client()) {
            assertThat(client.readBody(client.get("/not-async").readHead())).isEqualTo("told");
            assertThat(client.readBody(client.get("/too-late").readHead())).isEqualTo("told");
        }
    }

    @Test
    void neverBlocksTheWriterOfASlowReader() throws Exception {
        try (RawClient client = new RawClient(server.port(), 4096)) {
            client.get("/flood").readHead();
            EventStreamOutput output = output();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> flood(output), workers);
            writer.get(10, TimeUnit.SECONDS);
            assertThat(output.pendingBytes()).isGreaterThan(EventStreamOutput.DRAINED_BYTES);
            long stalled = awaitStall(output);
            CompletableFuture<Void> drained = new CompletableFuture<>();
            output.onDrained(() -> drained.complete(null));
            assertThat(drained).isNotDone();
            assertThat(output.stalledFor().toNanos()).isGreaterThan(stalled);

            long pending = output.pendingBytes();
            output.finish();
            long read = 0;
            for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
                read += chunk.length;
            }
            drained.get(10, TimeUnit.SECONDS);
            assertThat(read).isGreaterThanOrEqualTo(pending);
            assertThat(read % FRAME.length).isEqualTo("data: first\n\n".length());
            assertThat(output.isClosed()).isTrue();
        }
    }

    /** The kernel may take some for a while yet. */
    private static long awaitStall(EventStreamOutput output) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (output.stalledFor().isZero()) {
            assertThat(System.nanoTime()).as("nothing stalls").isLessThan(deadline);
            Thread.onSpinWait();
        }
        return output.stalledFor().toNanos();
    }

    private static void flood(EventStreamOutput output) {
        while (output.pendingBytes() < 16L * FRAME.length) {
            output.writeDirect(FRAME);
        }
    }

    @Test
    void tellsWhenThePeerIsGone() throws Exception {
        RawClient client = server.client();
        client.get("/flood").readHead();
        EventStreamOutput output = output();
        CompletableFuture<Throwable> closed = new CompletableFuture<>();
        output.onClosed(closed::complete);
        client.reset();
        while (!closed.isDone() && output.pendingBytes() < 64L * FRAME.length) {
            output.writeDirect(FRAME);
            Thread.onSpinWait();
        }
        assertThat(closed.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(output.isClosed()).isTrue();
        assertThat(output.pendingBytes()).isZero();
    }

    @Test
    void abortsAStalledStreamWithoutWaiting() throws Exception {
        try (RawClient client = new RawClient(server.port(), 4096)) {
            client.get("/flood").readHead();
            EventStreamOutput output = output();
            flood(output);
            CompletableFuture.runAsync(output::abort, workers).get(10, TimeUnit.SECONDS);
            assertThat(output.isClosed()).isTrue();
            assertThat(output.pendingBytes()).isZero();
        }
    }
}
