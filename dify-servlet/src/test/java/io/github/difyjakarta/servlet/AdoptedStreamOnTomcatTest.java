package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.servlet.RawClient.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event streams of host applications that know nothing of us, in a real container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptedStreamOnTomcatTest {

    private static final int BUFFER = 256 * 1024;
    private static final int EVENTS = 500;
    private static final byte[] FRAME = ("data: " + "x".repeat(32_000) + "\n\n").getBytes(UTF_8);

    private final TestServer server = new TestServer();
    private final TestServer off = new TestServer();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final BlockingQueue<AsyncContext> streams = new LinkedBlockingQueue<>();

    @BeforeAll
    void start() {
        server.filter(
                        new StreamingFilter(new HostStreams(true, BUFFER)),
                        DispatcherType.REQUEST,
                        DispatcherType.FORWARD,
                        DispatcherType.ASYNC)
                .servlet("/events/type-first", (request, response) -> {
                    response.setContentType("text/event-stream");
                    AsyncContext async = request.startAsync();
                    workers.execute(() -> sendAll(async));
                })
                .servlet("/events/async-first", (request, response) -> {
                    AsyncContext async = request.startAsync(request, response);
                    workers.execute(() -> {
                        async.getResponse().setContentType("text/event-stream");
                        sendAll(async);
                    });
                })
                .servlet("/events/begun-by-the-request-thread", (request, response) -> {
                    response.setContentType("text/event-stream");
                    response.getOutputStream().print("data: 0\n\n");
                    response.flushBuffer();
                    AsyncContext async = request.startAsync();
                    response.getOutputStream().print("data: 1\n\n");
                    response.flushBuffer();
                    workers.execute(() -> sendAll(async, 2));
                })
                .servlet("/events/by-a-writer", (request, response) -> {
                    response.setContentType("text/event-stream;charset=UTF-8");
                    PrintWriter writer = response.getWriter();
                    AsyncContext async = request.startAsync();
                    workers.execute(() -> {
                        for (int i = 0; i < EVENTS; i++) {
                            writer.print("data: " + i + "\n\n");
                            if (i % 3 == 0) {
                                writer.flush();
                            }
                        }
                        async.complete();
                    });
                })
                .servlet("/events/ended-by-a-dispatch", (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        response.setContentType("text/event-stream");
                        AsyncContext async = request.startAsync();
                        workers.execute(() -> {
                            send(async, 0, EVENTS);
                            async.dispatch();
                        });
                    }
                })
                .servlet("/events/dispatched-one-by-one", this::dispatchedOneByOne)
                .servlet("/synchronous", (request, response) -> {
                    response.setContentType("text/event-stream");
                    response.getWriter().print("data: ä\n\n");
                })
                .servlet("/open", (request, response) -> {
                    AsyncContext async = request.startAsync(request, response);
                    response.setContentType("text/event-stream");
                    response.getOutputStream().print("data: first\n\n");
                    response.flushBuffer();
                    streams.add(async);
                })
                .servlet("/with-a-time-limit", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(300);
                    async.getResponse().setContentType("text/event-stream");
                    workers.execute(() -> send(async, 0, 1));
                })
                .start();
        off.filter(new StreamingFilter(new HostStreams(false, BUFFER)), DispatcherType.REQUEST)
                .servlet("/open", (request, response) -> {
                    AsyncContext async = request.startAsync(request, response);
                    response.setContentType("text/event-stream");
                    response.flushBuffer();
                    streams.add(async);
                })
                .start();
    }

    /** Each dispatch writes one event. */
    private void dispatchedOneByOne(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Integer last = (Integer) request.getAttribute("last");
        int next = last == null ? 0 : last + 1;
        if (next == EVENTS) {
            return;
        }
        request.setAttribute("last", next);
        response.setContentType("text/event-stream");
        AsyncContext async = request.startAsync(request, response);
        workers.execute(() -> {
            send(async, next, next + 1);
            async.dispatch();
        });
    }

    private static void sendAll(AsyncContext async) {
        sendAll(async, 0);
    }

    private static void sendAll(AsyncContext async, int from) {
        send(async, from, EVENTS);
        async.complete();
    }

    private static void send(AsyncContext async, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(sends(async.getResponse(), ("data: " + i + "\n\n").getBytes(UTF_8)))
                    .isTrue();
        }
    }

    private static boolean sends(ServletResponse response, byte[] frame) {
        try {
            response.getOutputStream().write(frame);
            response.flushBuffer();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    void stop() {
        workers.shutdownNow();
        server.close();
        off.close();
    }

    private AsyncContext stream() throws InterruptedException {
        AsyncContext stream = streams.poll(10, TimeUnit.SECONDS);
        assertThat(stream).isNotNull();
        return stream;
    }

    private static String allEvents() {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            events.append("data: ").append(i).append("\n\n");
        }
        return events.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events/type-first",
                "/events/async-first",
                "/events/begun-by-the-request-thread",
                "/events/by-a-writer",
                "/events/ended-by-a-dispatch",
                "/events/dispatched-one-by-one"
            })
    void carriesEveryEventInOrder(String path) throws IOException {
        String events = allEvents();
        try (RawClient client = server.client()) {
            for (int i = 0; i < 30; i++) {
                Answer answer = client.get(path).readHead();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
                assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
                assertThat(client.readBody(answer)).isEqualTo(events);
                assertThat(client.hasBytes()).isFalse();
            }
        }
    }

    @Test
    void leavesASynchronousStreamToTheContainer() throws IOException {
        try (RawClient client = server.client()) {
            Answer answer = client.get("/synchronous").readHead();
            assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream;charset=ISO-8859-1");
            assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(client.readBody(answer)).hasSize(9);
        }
    }

    @Test
    void neverBlocksTheSenderAndCutsAReaderOffForWhomTooMuchWaits() throws Exception {
        try (RawClient client = new RawClient(server.port(), 4096)) {
            Answer answer = client.get("/open").readHead();
            AsyncContext stream = stream();
            CompletableFuture<Boolean> sender = CompletableFuture.supplyAsync(
                    () -> {
                        boolean open = true;
                        for (int i = 0; open && i < 1_000; i++) {
                            open = sends(stream.getResponse(), FRAME);
                        }
                        return open;
                    },
                    workers);
            assertThat(sender.get(10, TimeUnit.SECONDS)).as("still open").isFalse();
            assertThatThrownBy(() -> stream.getResponse().getOutputStream().write(FRAME))
                    .isInstanceOf(IOException.class)
                    .rootCause()
                    .hasMessageStartingWith("The peer reads too slowly");
            assertThatThrownBy(() -> client.readBody(answer))
                    .as("no proper end")
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void completesAfterWhatASlowReaderHasStillToRead() throws Exception {
        try (RawClient client = new RawClient(server.port(), 4096)) {
            Answer answer = client.get("/open").readHead();
            AsyncContext stream = stream();
            int frames = BUFFER / FRAME.length;
            CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < frames; i++) {
                                    assertThat(sends(stream.getResponse(), FRAME))
                                            .isTrue();
                                }
                                stream.complete();
                            },
                            workers)
                    .get(10, TimeUnit.SECONDS);
            assertThat(client.readBody(answer))
                    .hasSize("data: first\n\n".length() + frames * FRAME.length)
                    .startsWith("data: first\n\n");
        }
    }

    @Test
    void leavesTheTimeLimitToTheHost() throws IOException {
        try (RawClient client = server.client()) {
            Answer answer = client.get("/with-a-time-limit").readHead();
            assertThat(client.readChunk()).asString(UTF_8).isEqualTo("data: 0\n\n");
            assertThatThrownBy(() -> client.readBody(answer)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void failsTheSendersNextEventWhenThePeerIsGone() throws Exception {
        RawClient client = server.client();
        client.get("/open").readHead();
        AsyncContext stream = stream();
        client.reset();
        CompletableFuture<Void> sender = CompletableFuture.runAsync(
                () -> {
                    while (sends(stream.getResponse(), "data: 1\n\n".getBytes(UTF_8))) {
                        Thread.onSpinWait();
                    }
                },
                workers);
        sender.get(10, TimeUnit.SECONDS);
    }

    @Test
    void blocksAsTheServerDoesWhereItIsSwitchedOff() throws Exception {
        try (RawClient client = new RawClient(off.port(), 4096)) {
            client.get("/open").readHead();
            AsyncContext stream = stream();
            ServletRequest request = stream.getRequest();
            CompletableFuture<Boolean> sender = CompletableFuture.supplyAsync(
                    () -> {
                        boolean open = true;
                        for (int i = 0; open && i < 1_000; i++) {
                            open = sends(stream.getResponse(), FRAME);
                        }
                        return open;
                    },
                    workers);
            for (int read = 0; read < 1_000 * FRAME.length; ) {
                read += client.readChunk().length;
            }
            assertThat(sender.get(10, TimeUnit.SECONDS))
                    .as("nothing was refused")
                    .isTrue();
            assertThat(request.isAsyncStarted()).isTrue();
            stream.complete();
        }
    }
}
