package io.github.difyjakarta.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A Dify on the loopback address whose answers are measured. It knows {@code POST /v1/chat-messages} and the stop below it;
 * {@code GET /left} lists {@code id nanos} of the streams that were stopped or left before their end, and forgets them.
 * Everything happens on its own thread; {@link #close} may be called from any.
 */
public final class FakeDify implements AutoCloseable {

    /** Events that one stream may write before it is the next one's turn. */
    private static final int TURN = 32;

    /** Below a millisecond the selector cannot wait: it is looked at so often, as even pacing needs. */
    private static final long LOOK_NANOS = 500_000;

    private static final long MILLISECOND = 1_000_000;
    private static final int LARGEST_WRITE = 128 * 1024;
    private static final String CHAT = "POST /v1/chat-messages";

    private final String key;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Thread thread = new Thread(this::run, "fake-dify");
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_WRITE);
    private final ArrayDeque<Answer> unpaced = new ArrayDeque<>();
    private final PriorityQueue<Answer> paced = new PriorityQueue<>();
    private final Map<String, Answer> byTask = new HashMap<>();
    private final Map<Integer, Long> left = new LinkedHashMap<>();
    private volatile boolean closed;

    private FakeDify(int port, String key) throws IOException {
        this.key = key;
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Listens from now on.
     *
     * @param port 0 for any free one
     * @param key of the app; callers without it are answered 401
     * @throws UncheckedIOException if the port is taken
     */
    public static FakeDify start(int port, String key) {
        try {
            FakeDify dify = new FakeDify(port, key);
            dify.thread.start();
            return dify;
        } catch (IOException e) {
            throw new UncheckedIOException("The fake Dify cannot listen on port " + port, e);
        }
    }

    /**
     * Runs until the process is told to end.
     *
     * @param arguments port and key
     */
    public static void main(String[] arguments) {
        start(Integer.parseInt(arguments[0]), arguments[1]);
    }

    /** {@return where it listens} */
    public int port() {
        return listener.socket().getLocalPort();
    }

    /** Ends all connections and the thread, and waits for that. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector;
                listener) {
            while (!closed) {
                select();
                writeUnpaced();
                writePaced();
            }
            for (SelectionKey open : selector.keys()) {
                open.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The fake Dify has broken", e);
        }
    }

    private void select() throws IOException {
        Answer first = paced.peek();
        long wait = first == null ? Long.MAX_VALUE : first.due() - System.nanoTime();
        if (!unpaced.isEmpty() || wait <= 0) {
            selector.selectNow(this::ready);
        } else if (first == null) {
            selector.select(this::ready);
        } else if (wait >= MILLISECOND) {
            selector.select(this::ready, wait / MILLISECOND);
        } else {
            LockSupport.parkNanos(Math.min(wait, LOOK_NANOS));
            selector.selectNow(this::ready);
        }
    }

    private void ready(SelectionKey selected) {
        if (selected.attachment() instanceof Connection connection) {
            connection.ready(buffer);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey registered = channel.register(selector, SelectionKey.OP_READ);
                registered.attach(new Connection(this, channel, registered));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Accepting a connection failed", e);
        }
    }

    private void writeUnpaced() {
        for (int i = unpaced.size(); i > 0; i--) {
            Answer answer = unpaced.remove();
            for (int n = 0; n < TURN && answer.canGoOn(); n++) {
                write(answer);
            }
            goOn(answer);
        }
    }

    private void writePaced() {
        long now = System.nanoTime();
        for (Answer first = paced.peek(); first != null && first.due() - now <= 0; first = paced.peek()) {
            paced.remove();
            if (first.canGoOn()) {
                write(first);
            }
            goOn(first);
        }
    }

    private void write(Answer answer) {
        answer.connection().send(answer.next(System.nanoTime()), buffer);
    }

    /** Gives an answer its next turn, or its end. A full connection comes back here when it has room. */
    void goOn(Answer answer) {
        if (answer.isOver() || answer.connection().isFull()) {
            return;
        }
        if (!answer.hasMore()) {
            end(answer);
        } else if (answer.isPaced()) {
            paced.add(answer);
        } else {
            unpaced.add(answer);
        }
    }

    void serve(Request request, Connection connection) {
        String line = request.line();
        if (line.startsWith("GET /left ")) {
            reply(connection, 200, takeLeft());
        } else if (!request.carries(key)) {
            reply(
                    connection,
                    401,
                    "{\"code\":\"unauthorized\",\"message\":\"Access token is invalid\",\"status\":401}");
        } else if (line.startsWith(CHAT + " ")) {
            Query.find(request.body())
                    .ifPresentOrElse(query -> begin(query, connection), () -> reply(connection, 400, "{}"));
        } else if (line.startsWith(CHAT + "/") && line.contains("/stop ")) {
            stop(byTask.get(line.substring(CHAT.length() + 1, line.indexOf("/stop "))));
            reply(connection, 200, "{\"result\":\"success\"}");
        } else {
            reply(connection, 404, "{}");
        }
    }

    private void begin(Query query, Connection connection) {
        Answer answer = new Answer(query, connection, System.nanoTime());
        byTask.put(answer.task(), answer);
        connection.answer(answer);
        goOn(answer);
    }

    private void stop(@Nullable Answer answer) {
        if (answer != null) {
            left(answer);
            end(answer);
        }
    }

    private void end(Answer answer) {
        forget(answer);
        answer.connection().send(answer.end(), buffer);
        answer.connection().answer(null);
        answer.connection().takeRequests();
    }

    void left(Answer answer) {
        forget(answer);
        left.put(answer.id(), System.nanoTime());
    }

    private void forget(Answer answer) {
        answer.over();
        byTask.remove(answer.task());
    }

    private String takeLeft() {
        StringBuilder lines = new StringBuilder();
        left.forEach((id, nanos) -> lines.append(id).append(' ').append(nanos).append('\n'));
        left.clear();
        return lines.toString();
    }

    private void reply(Connection connection, int status, String body) {
        connection.send(
                ("HTTP/1.1 " + status + " -\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(US_ASCII),
                buffer);
    }
}
