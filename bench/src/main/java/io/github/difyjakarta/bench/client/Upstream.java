package io.github.difyjakarta.bench.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers every request with the same bytes, as fast as they are taken: a thread for each connection, 64 KiB a write.
 * Thread-safe.
 */
final class Upstream implements AutoCloseable {
    private static final int WRITE_BYTES = 64 * 1024;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Transcript transcript;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder cpuNanos = new LongAdder();

    Upstream(Transcript transcript) throws IOException {
        this.transcript = transcript;
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start("upstream", this::accept);
    }

    URI url() throws IOException {
        return URI.create("http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort() + "/v1");
    }

    /** What all answers so far have cost, those under way left out. */
    long cpuNanos() {
        return cpuNanos.sum();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (server.isOpen()) {
                SocketChannel connection = server.accept();
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
                connections.add(connection);
                start("upstream-connection", () -> serve(connection));
            }
        } catch (AsynchronousCloseException e) {
            // closed: the end
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel connection) {
        ByteBuffer request = ByteBuffer.allocate(16 * 1024);
        long before = THREADS.getCurrentThreadCpuTime();
        try (connection) {
            while (readRequest(connection, request.clear())) {
                ByteBuffer response = transcript.response().duplicate();
                int end = response.limit();
                while (response.position() < end) {
                    connection.write(response.limit(Math.min(end, response.position() + WRITE_BYTES)));
                }
                long now = THREADS.getCurrentThreadCpuTime();
                cpuNanos.add(now - before);
                before = now;
            }
        } catch (IOException e) {
            System.getLogger(Upstream.class.getName()).log(System.Logger.Level.DEBUG, "a client left", e);
        } finally {
            connections.remove(connection);
        }
    }

    private static boolean readRequest(SocketChannel connection, ByteBuffer request) throws IOException {
        while (connection.read(request) >= 0) {
            String text = ISO_8859_1.decode(request.duplicate().flip()).toString();
            int body = text.indexOf("\r\n\r\n") + 4;
            Matcher length = LENGTH.matcher(text);
            int size = length.find() ? Integer.parseInt(length.group(1)) : 0;
            if (body >= 4 && text.length() >= body + size) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
