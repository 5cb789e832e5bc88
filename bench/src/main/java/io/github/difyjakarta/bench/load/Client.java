package io.github.difyjakarta.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection with one stream after the other. Confined to the load generator's thread.
 */
final class Client implements LongConsumer {

    /** Small, so that who does not read is soon felt. */
    private static final int STUCK_RECEIVE_BUFFER = 4096;

    private final LoadGenerator generator;
    private final Selector selector;
    private @Nullable SocketChannel channel;
    private int stream;
    private Response response = new Response(0);
    private byte[] request = {};
    private boolean reused;
    private long now;

    Client(LoadGenerator generator, Selector selector) {
        this.generator = generator;
        this.selector = selector;
    }

    int stream() {
        return stream;
    }

    /** Asks for a stream, on the connection of the last one if it stands. */
    void ask(int number, byte[] question, int wanted, boolean stuck) throws IOException {
        stream = number;
        request = question;
        response = new Response(wanted);
        reused = channel != null;
        if (channel == null) {
            connect(stuck);
        } else {
            send(channel);
        }
    }

    int events() {
        return response.events();
    }

    void ready(SelectionKey key, ByteBuffer buffer, byte[] bytes) {
        SocketChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            if (key.isConnectable()) {
                open.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                send(open);
            } else {
                read(open, buffer, bytes);
            }
        } catch (IOException broken) {
            gone(open.isConnected() ? Failure.CUT : Failure.REFUSED);
        }
    }

    /** An event has been read. */
    @Override
    public void accept(long stamp) {
        generator.event(this, stamp, now);
    }

    void stopReading() {
        if (channel != null) {
            channel.keyFor(selector).interestOps(0);
        }
    }

    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException alreadyBroken) {
                // It is the connection that we are getting rid of.
            }
            channel = null;
        }
    }

    private void connect(boolean stuck) throws IOException {
        SocketChannel fresh = SocketChannel.open();
        fresh.configureBlocking(false);
        fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (stuck) {
            fresh.setOption(StandardSocketOptions.SO_RCVBUF, STUCK_RECEIVE_BUFFER);
        }
        channel = fresh;
        SelectionKey key = fresh.register(selector, SelectionKey.OP_CONNECT, this);
        if (fresh.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), generator.port()))) {
            key.interestOps(SelectionKey.OP_READ);
            send(fresh);
        }
    }

    private void send(SocketChannel open) throws IOException {
        if (open.write(ByteBuffer.wrap(request)) < request.length) {
            throw new IOException("The request was not taken at once");
        }
    }

    private void read(SocketChannel open, ByteBuffer buffer, byte[] bytes) throws IOException {
        int count = open.read(buffer.clear());
        if (count < 0) {
            gone(Failure.CUT);
            return;
        }
        now = System.nanoTime();
        buffer.flip().get(bytes, 0, count);
        response.feed(bytes, count, this);
        if (channel == null) { // has left at one of the events
            return;
        }
        generator.read(this);
        if (response.isOver()) {
            if (response.failure().isPresent() || !response.keepsAlive()) {
                close();
            }
            generator.over(this, response.failure());
        }
    }

    private void gone(Failure how) {
        close();
        if (reused && !response.hasBegun()) {
            // The server was free to close a connection that had nothing to do: once more, on a fresh one.
            generator.again(this);
        } else {
            generator.over(this, response.failure().or(() -> Optional.of(how)));
        }
    }
}
