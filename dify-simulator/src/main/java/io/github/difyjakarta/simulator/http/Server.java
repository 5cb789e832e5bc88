package io.github.difyjakarta.simulator.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Listens on the loopback address and owns the connections. Confined to the event loop, but for the constructor. */
public final class Server implements EventLoop.Ready, Connection.Owner {

    private final EventLoop loop;
    private final Duration keepAlive;
    private final Consumer<Exchange> handler;
    private final Signature signature;
    private final IntConsumer openConnections;
    private final ServerSocketChannel channel;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(64 * 1024);
    private final Set<Connection> connections = new LinkedHashSet<>();
    private long accepted;

    /**
     * Listens at once.
     *
     * @param port 0 for a free one
     * @param keepAlive how long a connection may be idle
     * @param openConnections hears of each change of their number
     */
    public Server(
            EventLoop loop,
            int port,
            Duration keepAlive,
            Signature signature,
            Consumer<Exchange> handler,
            IntConsumer openConnections)
            throws IOException {
        this.loop = loop;
        this.keepAlive = keepAlive;
        this.signature = signature;
        this.handler = handler;
        this.openConnections = openConnections;
        channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 4096);
            channel.configureBlocking(false);
            loop.register(channel, SelectionKey.OP_ACCEPT, this);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The port it listens on. */
    public int port() {
        return channel.socket().getLocalPort();
    }

    @Override
    public void ready() {
        try {
            for (SocketChannel socket = channel.accept(); socket != null; socket = channel.accept()) {
                connections.add(new Connection(this, socket, ++accepted, handler));
                openConnections.accept(connections.size());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all connections, without last chunks. */
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            List.copyOf(connections).forEach(Connection::serverCloses);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public ByteBuffer readBuffer() {
        return readBuffer;
    }

    @Override
    public Duration keepAlive() {
        return keepAlive;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void closed(Connection connection) {
        connections.remove(connection);
        openConnections.accept(connections.size());
    }
}
