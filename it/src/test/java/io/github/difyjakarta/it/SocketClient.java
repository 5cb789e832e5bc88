package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A browser's end of a WebSocket, by the JDK's own client. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long PATIENCE_SECONDS = 15;

    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final AtomicInteger pings = new AtomicInteger();
    private final boolean reads;
    private final WebSocket socket;

    /**
     * A text frame.
     *
     * @param at {@link System#nanoTime} when it was there
     */
    record Frame(String text, long at) {
        JsonNode json() {
            try {
                return MAPPER.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError(text, e);
            }
        }
    }

    private SocketClient(int port, String path, boolean reads, List<String> headers) {
        this.reads = reads;
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            builder.header(parts[0], parts[1]);
        }
        this.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Connects as a page of the server's own would, for a user of {@link io.github.difyjakarta.it.host.Passwords}. */
    static SocketClient connect(PayaraServer server, String path, String user) {
        return new SocketClient(server.port(), path, true, headers(server, user));
    }

    /** The same with further headers. */
    static SocketClient connect(PayaraServer server, String path, String user, List<String> more) {
        List<String> headers = new ArrayList<>(headers(server, user));
        headers.addAll(more);
        return new SocketClient(server.port(), path, true, headers);
    }

    /** The same without a login. */
    static SocketClient anonymous(PayaraServer server, String path) {
        return new SocketClient(server.port(), path, true, List.of(origin(server)));
    }

    /** Connects, and reads nothing at all. */
    static SocketClient deaf(PayaraServer server, String path, String user) {
        return new SocketClient(server.port(), path, false, headers(server, user));
    }

    private static List<String> headers(PayaraServer server, String user) {
        return List.of(HttpConnection.user(user), origin(server));
    }

    private static String origin(PayaraServer server) {
        return "Origin: http://127.0.0.1:" + server.port();
    }

    // ---- what it says

    /** Sends a text message in pieces, each a frame. */
    SocketClient say(String... pieces) {
        for (int i = 0; i < pieces.length; i++) {
            socket.sendText(pieces[i], i == pieces.length - 1)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
        return this;
    }

    SocketClient ask(String query) {
        return say("{\"query\":\"" + query + "\",\"inputs\":{}}");
    }

    void sayBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Leaves without a word. */
    void abort() {
        socket.abort();
    }

    /** Leaves in good order. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(failure -> socket);
        }
        if (!reads) {
            socket.abort();
        }
    }

    // ---- what it hears

    /** The next frame; fails if none comes. */
    Frame next() throws InterruptedException {
        Frame frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(frame).as("a frame; closed: %s", closed.getNow("no")).isNotNull();
        return frame;
    }

    /** The next frame, which must be of this type. */
    JsonNode next(String type) throws InterruptedException {
        Frame frame = next();
        assertThat(frame.json().path("type").asText()).as(frame.text()).isEqualTo(type);
        return frame.json();
    }

    /** The next error, which must have this code. */
    JsonNode nextError(String code) throws InterruptedException {
        JsonNode error = next("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        return error;
    }

    /** All of the answer from its start to its end. */
    String answer() throws InterruptedException {
        next("start");
        StringBuilder text = new StringBuilder();
        for (JsonNode frame = next().json(); ; frame = next().json()) {
            switch (frame.path("type").asText()) {
                case "chunk" -> text.append(frame.path("content").asText());
                case "done" -> {
                    assertThat(frame.path("full_answer").asText()).isEqualTo(text.toString());
                    return text.toString();
                }
                default -> throw new AssertionError(frame.toString());
            }
        }
    }

    boolean hasHeardNothing() {
        return frames.isEmpty() && !closed.isDone();
    }

    int pings() {
        return pings.get();
    }

    /** The code and reason with which the server has closed; 1006 where the connection ended without. */
    String closed() throws InterruptedException, ExecutionException, TimeoutException {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        if (reads) {
            webSocket.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            frames.add(new Frame(partial.toString(), System.nanoTime()));
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        pings.incrementAndGet();
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete("1006 " + Optional.ofNullable(error.getMessage()).orElse(""));
    }
}
