package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.servlet.RawClient.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of event streams in general, in a real container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamingFilterTest {

    private final TestServer server = new TestServer();

    @BeforeAll
    void start() {
        server.streamingFilter()
                .servlet("/stream", (request, response) -> {
                    response.setContentType("text/event-stream");
                    response.getOutputStream().print("data: 1\n\n");
                    response.flushBuffer();
                })
                .servlet("/stream/with-length", (request, response) -> {
                    response.setContentLength(9);
                    response.addHeader("content-type", "Text/Event-Stream;charset=utf-8");
                    response.setContentLengthLong(9);
                    response.setHeader("Content-Length", "9");
                    response.getOutputStream().print("data: 1\n\n");
                    response.flushBuffer();
                })
                .servlet("/stream/by-set-header", (request, response) -> {
                    response.setHeader("Cache-Control", "no-store");
                    response.setHeader("Content-Type", "text/event-stream; charset=UTF-8");
                    response.getWriter().print("data: 1\n\n");
                    response.flushBuffer();
                })
                .servlet("/stream/cache-control-later", (request, response) -> {
                    response.setContentType("text/event-stream");
                    response.setHeader("Cache-Control", "no-store");
                    response.getWriter().print("data: 1\n\n");
                    response.flushBuffer();
                })
                .servlet("/stream/async", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        try {
                            async.getResponse().setContentType("text/event-stream");
                            async.getResponse().getWriter().print("data: 1\n\n");
                            async.getResponse().flushBuffer();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        async.complete();
                    });
                })
                .servlet("/stream/dispatched", (request, response) -> request.startAsync()
                        .dispatch("/stream"))
                .servlet("/stream/forwarded", (request, response) -> request.getRequestDispatcher("/stream")
                        .forward(request, response))
                .servlet("/stream/write-listener", (request, response) -> {
                    response.setContentType("text/event-stream");
                    AsyncContext async = request.startAsync(request, response);
                    writeWhenPossible(async, response.getOutputStream());
                })
                .servlet("/page", (request, response) -> {
                    response.setContentType("text/html");
                    response.setContentLength(5);
                    response.getOutputStream().print("hello");
                })
                .servlet("/flushed-by-the-event", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    response.setContentType("text/event-stream");
                    response.getWriter().print("data: 1\n\n");
                    response.flushBuffer();
                    READ.acquireUninterruptibly();
                    async.complete();
                })
                .start();
    }

    private static final Semaphore READ = new Semaphore(0);

    private static void writeWhenPossible(AsyncContext async, ServletOutputStream out) {
        out.setWriteListener(new WriteListener() {
            private boolean written;

            @Override
            public void onWritePossible() throws IOException {
                if (!written) {
                    written = true;
                    out.write("data: 1\n\n".getBytes(UTF_8));
                    if (out.isReady()) {
                        out.flush();
                    }
                }
                if (out.isReady()) {
                    async.complete();
                }
            }

            @Override
            public void onError(Throwable t) {
                async.complete();
            }
        });
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/stream",
                "/stream/with-length",
                "/stream/by-set-header",
                "/stream/cache-control-later",
                "/stream/async",
                "/stream/dispatched",
                "/stream/forwarded",
                "/stream/write-listener"
            })
    void givesEveryEventStreamItsHeaders(String path) throws IOException {
        try (RawClient client = server.client()) {
            Answer answer = client.get(path).readHead();
            assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(answer.header("Cache-Control")).contains("no-cache, no-transform");
            assertThat(answer.header("Content-Encoding")).isEqualTo("identity");
            assertThat(answer.header("Content-Length")).isEmpty();
            assertThat(client.readBody(answer)).isEqualTo("data: 1\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stream/by-set-header", "/stream/cache-control-later"})
    void keepsWhatTheApplicationSaysOfCaching(String path) throws IOException {
        try (RawClient client = server.client()) {
            assertThat(client.get(path).readHead().header("Cache-Control"))
                    .isEqualTo("no-store, no-cache, no-transform");
        }
    }

    @Test
    void leavesOtherResponsesAlone() throws IOException {
        try (RawClient client = server.client()) {
            Answer answer = client.get("/page").readHead();
            assertThat(answer.headers()).containsOnlyKeys("Content-Type", "Content-Length", "Date");
            assertThat(client.readBody(answer)).isEqualTo("hello");
        }
    }

    @Test
    void passesTheApplicationsOwnEventsOnUnbuffered() throws IOException {
        try (RawClient client = server.client()) {
            client.get("/flushed-by-the-event").readHead();
            assertThat(client.readChunk()).asString(UTF_8).isEqualTo("data: 1\n\n");
            READ.release();
            assertThat(client.readChunk()).isEmpty();
        }
    }
}
