package io.github.difyjakarta.bench.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads the bytes and looks at none: the limit that upstream and sockets set. */
final class RawReader implements Contender {
    private final URI url;
    private final ExecutorService readers = Executors.newCachedThreadPool();

    RawReader(URI url) {
        this.url = url;
    }

    @Override
    public String name() {
        return "raw socket";
    }

    @Override
    public CompletableFuture<String> read() {
        return CompletableFuture.supplyAsync(this::readAll, readers);
    }

    private String readAll() {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write("POST /v1/chat-messages HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[64 * 1024];
            long total = 0;
            for (int count = 0; count >= 0 && !endsWithLastChunk(buffer, count); ) {
                count = in.read(buffer);
                total += count;
            }
            return total + " bytes";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean endsWithLastChunk(byte[] buffer, int count) {
        return count >= 5 && new String(buffer, count - 5, 5, ISO_8859_1).equals("0\r\n\r\n");
    }

    @Override
    public String expected(Transcript transcript) {
        return transcript.response().limit() + " bytes";
    }

    @Override
    public void close() {
        readers.shutdown();
    }
}
