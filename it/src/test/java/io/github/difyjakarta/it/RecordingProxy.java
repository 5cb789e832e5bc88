package io.github.difyjakarta.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes bytes on between browsers and a server, and keeps all that the server says. Thread-safe. */
final class RecordingProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

    /** A proxy on a free port before a port of this machine. */
    RecordingProxy(int target) throws IOException {
        this.target = target;
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@return every byte that came from the server so far, one character each} */
    String answers() {
        return answers.toString(ISO_8859_1);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket browser = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                threads.execute(() -> pump(browser, server, OutputStream.nullOutputStream()));
                threads.execute(() -> pump(server, browser, answers));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** Until one side ends, which ends the other. */
    private static void pump(Socket from, Socket to, OutputStream copy) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                copy.write(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One of them has left, which is all there is to know: both are closed.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
