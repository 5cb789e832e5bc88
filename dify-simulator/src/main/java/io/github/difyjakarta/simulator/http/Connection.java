package io.github.difyjakarta.simulator.http;

import io.github.difyjakarta.simulator.http.Exchange.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One TCP connection: requests in, one after the other, bytes out. Confined to the event loop. */
final class Connection implements EventLoop.Ready {

    /** Room for the largest file Dify takes (100 MB) and for one that is too large. */
    private static final int MAX_BODY = 128 * 1024 * 1024;
    /** What a client may send ahead while an answer runs; above it we stop reading. */
    private static final int MAX_PIPELINED = 1024 * 1024;

    /** What a connection needs from the server it belongs to. */
    interface Owner {
        EventLoop loop();

        /** Shared by all connections of the loop's thread: empty between two calls. */
        ByteBuffer readBuffer();

        Duration keepAlive();

        Signature signature();

        void closed(Connection connection);
    }

    private final Owner owner;
    private final SocketChannel channel;
    private final long number;
    private final Consumer<Exchange> handler;
    private final SelectionKey key;
    private final HttpParser parser = new HttpParser(MAX_BODY);
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private final List<Runnable> afterFlush = new ArrayList<>();
    private int pieceSize = Integer.MAX_VALUE;
    private @Nullable Exchange current;
    private EventLoop.@Nullable Timer idle;
    private boolean open = true;

    Connection(Owner owner, SocketChannel channel, long number, Consumer<Exchange> handler) throws IOException {
        this.owner = owner;
        this.channel = channel;
        this.number = number;
        this.handler = handler;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = owner.loop().register(channel, SelectionKey.OP_READ, this);
        waitForRequest();
    }

    long number() {
        return number;
    }

    @Override
    public void ready() {
        if (key.isValid() && key.isReadable()) {
            read();
        }
        if (open && key.isValid() && key.isWritable()) {
            flush();
        }
    }

    /** Queues the bytes and sends what the socket takes now. */
    void write(byte[] bytes) {
        if (open) {
            unsent.add(ByteBuffer.wrap(bytes));
            if (unsent.size() == 1) {
                flush();
            }
        }
    }

    /** From now on no more than this many bytes go into one write to the socket, one write per turn of the loop. */
    void pieceSize(int bytes) {
        pieceSize = bytes;
    }

    boolean isFlushed() {
        return unsent.isEmpty();
    }

    /** Runs the task once all queued bytes are with the kernel: now if they are. Never if the client leaves before. */
    void whenFlushed(Runnable task) {
        if (unsent.isEmpty()) {
            task.run();
        } else {
            afterFlush.add(task);
        }
    }

    /** The answer is complete: the next request, if the client may send one. */
    void exchangeDone(boolean keepAlive) {
        current = null;
        pieceSize = Integer.MAX_VALUE;
        if (keepAlive) {
            waitForRequest();
            // Not called directly: a client that pipelines would deepen the stack with each request.
            owner.loop().execute(this::nextRequest);
        } else {
            close(false);
        }
    }

    /** Closes at once, with RST or FIN; what is unsent is lost. */
    void close(boolean reset) {
        if (!open) {
            return;
        }
        open = false;
        cancelIdle();
        unsent.clear();
        afterFlush.clear();
        try {
            if (reset) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            owner.closed(this);
        }
    }

    /** The whole server ends: so does the answer under way. */
    void serverCloses() {
        abandon(End.CUT);
    }

    private void read() {
        ByteBuffer bytes = owner.readBuffer().clear();
        int count;
        try {
            count = channel.read(bytes);
        } catch (IOException e) {
            // "Connection reset by peer": the client has left, which is an ordinary end here.
            count = -1;
        }
        if (count < 0) {
            abandon(End.CLIENT_CLOSED);
            return;
        }
        parser.feed(bytes.flip());
        nextRequest();
    }

    private void nextRequest() {
        if (!open || current != null) {
            readInterest(parser.buffered() < MAX_PIPELINED);
            return;
        }
        readInterest(true);
        Optional<HttpRequest> request;
        try {
            request = parser.poll();
        } catch (HttpParser.Malformed e) {
            write(malformed(e).getBytes(StandardCharsets.UTF_8));
            whenFlushed(() -> close(false));
            return;
        }
        if (request.isPresent()) {
            cancelIdle();
            current = new Exchange(this, request.get(), owner.signature());
            handler.accept(current);
        } else if (parser.takeContinue()) {
            write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String malformed(HttpParser.Malformed e) {
        String text =
                "<html>\n<head>\n<title>Bad Request</title>\n</head>\n<body>" + e.getMessage() + "</body>\n</html>\n";
        return "HTTP/1.1 " + e.status()
                + " Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: "
                + text.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + text;
    }

    private void flush() {
        try {
            while (!unsent.isEmpty()) {
                ByteBuffer first = unsent.element();
                boolean split = first.remaining() > pieceSize;
                ByteBuffer piece = split ? first.slice(first.position(), pieceSize) : first;
                int sent = channel.write(piece);
                if (split) {
                    first.position(first.position() + sent);
                }
                if (first.hasRemaining()) {
                    key.interestOpsOr(SelectionKey.OP_WRITE);
                    return;
                }
                unsent.remove();
            }
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        } catch (IOException e) {
            // "Broken pipe": the client has left, which is an ordinary end here.
            abandon(End.CLIENT_CLOSED);
            return;
        }
        List<Runnable> tasks = List.copyOf(afterFlush);
        afterFlush.clear();
        tasks.forEach(Runnable::run);
    }

    private void abandon(End how) {
        Exchange broken = current;
        current = null;
        close(false);
        if (broken != null) {
            broken.abandon(how);
        }
    }

    private void readInterest(boolean wanted) {
        if (open && wanted != ((key.interestOps() & SelectionKey.OP_READ) != 0)) {
            key.interestOps(key.interestOps() ^ SelectionKey.OP_READ);
        }
    }

    private void waitForRequest() {
        idle = owner.loop().schedule(owner.keepAlive(), () -> close(false));
    }

    private void cancelIdle() {
        if (idle != null) {
            idle.cancel();
            idle = null;
        }
    }
}
