package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose every byte a test writes and reads itself, on one blocking thread for each connection. */
final class HandServer implements AutoCloseable {
    /** What is done with a connection, which is closed after it. */
    interface Handler {
        void serve(Peer peer) throws Exception;
    }

    /** The head of a request, and its body without its framing. */
    record Request(String line, Map<String, String> headers, InputStream body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** One connection of a client. */
    record Peer(Socket socket, InputStream in, OutputStream out) {
        /** The next request; its body is read by the caller. */
        Request read() throws IOException {
            String line = line();
            Map<String, String> headers = new TreeMap<>();
            for (String next = line(); !next.isEmpty(); next = line()) {
                int colon = next.indexOf(':');
                headers.put(
                        next.substring(0, colon).toLowerCase(Locale.ROOT),
                        next.substring(colon + 1).strip());
            }
            InputStream body = headers.containsKey("transfer-encoding")
                    ? new Chunks()
                    : new Counted(Long.parseLong(headers.getOrDefault("content-length", "0")));
            return new Request(line, headers, body);
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("the client left after \"" + line.toString(UTF_8) + "\"");
                }
                line.write(next);
            }
            return line.toString(UTF_8).stripTrailing();
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(UTF_8));
            out.flush();
        }

        /** A whole answer. */
        void answer(String status, String mediaType, String body) throws IOException {
            write("HTTP/1.1 " + status + "\r\nContent-Type: " + mediaType + "\r\nContent-Length: "
                    + body.getBytes(UTF_8).length + "\r\n\r\n" + body);
        }

        /** Reads until the client has closed the connection, in whichever way. */
        void awaitEnd() {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                return; // reset, which is an end as well
            }
        }

        private final class Counted extends InputStream {
            private long left;

            Counted(long left) {
                this.left = left;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(target, offset, (int) Math.min(length, left));
                if (count < 0) {
                    throw new IOException("the client left before the end of its body");
                }
                left -= count;
                return count;
            }
        }

        private final class Chunks extends InputStream {
            private Counted chunk = new Counted(0);
            private boolean first = true;
            private boolean ended;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = ended ? -1 : chunk.read(target, offset, length);
                if (count >= 0 || ended) {
                    return count;
                }
                if (!first) {
                    line();
                }
                first = false;
                long size = Long.parseLong(line(), 16);
                chunk = new Counted(size);
                if (size == 0) {
                    ended = true;
                    line();
                }
                return read(target, offset, length);
            }
        }
    }

    private final ServerSocket socket;
    private final String scheme;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    HandServer(Handler handler) {
        this("http", listen(), handler);
    }

    /** One on a socket of the caller's, such as an encrypted one. */
    HandServer(String scheme, ServerSocket socket, Handler handler) {
        this.scheme = scheme;
        this.socket = socket;
        this.handler = handler;
        Thread thread = new Thread(this::accept, "hand-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static ServerSocket listen() {
        try {
            ServerSocket socket = new ServerSocket();
            // Small, so that what a client sends to one who does not read is the client's own.
            socket.setReceiveBufferSize(64 * 1024);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + port() + "/v1");
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Connections so far. */
    int accepted() {
        return accepted.get();
    }

    /** Connections that the server has not done with. */
    int open() {
        return open.size();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                open.add(peer);
                accepted.incrementAndGet();
                Thread thread = new Thread(() -> serve(peer), "hand-server-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket peer = accepted) {
            handler.serve(new Peer(peer, new BufferedInputStream(peer.getInputStream()), peer.getOutputStream()));
        } catch (Exception e) {
            // The client has left, or the test sees what is missing.
            System.getLogger("hand-server").log(System.Logger.Level.DEBUG, "A connection ended", e);
        } finally {
            open.remove(accepted);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket peer : open) {
                peer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
