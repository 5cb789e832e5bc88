package io.github.difyjakarta.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A kept-alive HTTP/1.1 connection that sees every byte, and when it came. Confined to one thread. */
final class HttpConnection implements AutoCloseable {

    private static final int PATIENCE_MS = 30_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int limit;
    private int reads;
    private long readAt;

    /** A response's first part: status, and headers by name in any case. */
    record Head(int status, Map<String, List<String>> headers) {
        String header(String name) {
            return String.join(" | ", headers.getOrDefault(name, List.of()));
        }

        boolean isChunked() {
            return header("Transfer-Encoding").equalsIgnoreCase("chunked");
        }

        boolean isLast() {
            return header("Connection").equalsIgnoreCase("close");
        }
    }

    /**
     * A chunk of a body.
     *
     * @param text in UTF-8; empty for the last one
     * @param at {@link System#nanoTime} when its last byte was read
     * @param read the number of the read that brought it
     */
    record Chunk(String text, long at, int read) {
        boolean isLast() {
            return text.isEmpty();
        }
    }

    HttpConnection(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        socket.setSoTimeout(PATIENCE_MS);
        in = socket.getInputStream();
    }

    /** Sends a request with a JSON body. */
    HttpConnection post(String path, String json, String... headers) throws IOException {
        return send("POST", path, json, headers);
    }

    /** Sends a request with a body, in JSON unless the headers say otherwise. */
    HttpConnection send(String method, String path, String content, String... headers) throws IOException {
        byte[] body = content.getBytes(UTF_8);
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Content-Type:"))) {
            all.add("Content-Type: application/json");
        }
        all.add("Content-Length: " + body.length);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head(method, path, all));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
        return this;
    }

    /** Sends a request without a body. */
    HttpConnection send(String method, String path, List<String> headers) throws IOException {
        socket.getOutputStream().write(head(method, path, headers));
        return this;
    }

    /** Sends a piece of a body. */
    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    HttpConnection get(String path, String... headers) throws IOException {
        return send("GET", path, List.of(headers));
    }

    private static byte[] head(String method, String path, List<String> headers) {
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers)
                        + (headers.isEmpty() ? "\r\n" : "\r\n\r\n"))
                .getBytes(ISO_8859_1);
    }

    /** The header of a user of {@link io.github.difyjakarta.it.host.Passwords}. */
    static String user(String name) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString((name + ":secret").getBytes(UTF_8));
    }

    Head readHead() throws IOException {
        String statusLine = readLine();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(statusLine.split(" ", -1)[1]), headers);
    }

    /** The body to its end, by length or chunks. */
    String readBody(Head head) throws IOException {
        if (!head.isChunked()) {
            String length = head.header("Content-Length");
            return new String(readBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = readChunkBytes(); chunk.length > 0; chunk = readChunkBytes()) {
            body.writeBytes(chunk);
        }
        return body.toString(UTF_8);
    }

    /** The next chunk; an empty one at the end of the body. */
    Chunk readChunk() throws IOException {
        String text = new String(readChunkBytes(), UTF_8);
        return new Chunk(text, readAt, reads);
    }

    /** The next chunk with this text; an empty one if the body ends without it. */
    Chunk readChunkWith(String text) throws IOException {
        Chunk chunk = readChunk();
        while (!chunk.isLast() && !chunk.text().contains(text)) {
            chunk = readChunk();
        }
        return chunk;
    }

    private byte[] readChunkBytes() throws IOException {
        byte[] chunk = readBytes(Integer.parseInt(readLine(), 16));
        readLine();
        return chunk;
    }

    private byte[] readBytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) read();
        }
        return bytes;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(32);
        for (int b = read(); b != '\n'; b = read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(UTF_8);
    }

    private int read() throws IOException {
        if (position == limit) {
            limit = in.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                throw new EOFException("the server has closed the connection");
            }
            reads++;
            readAt = System.nanoTime();
        }
        return buffer[position++] & 0xff;
    }

    /** Leaves by a reset, not by a polite end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
