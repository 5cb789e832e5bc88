package io.github.difyjakarta.simulator;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that hides nothing: one socket, bytes out, heads and chunks in. */
final class Wire implements AutoCloseable {

    /** A response as it came; a body of known length is one chunk. */
    record Response(String status, List<String> headers, List<String> chunks) {
        String body() {
            return String.join("", chunks);
        }

        List<String> events() {
            return chunks.stream()
                    .filter(chunk -> chunk.startsWith("data: "))
                    .map(chunk -> chunk.substring("data: ".length()).strip())
                    .toList();
        }
    }

    private final Socket socket;
    private final InputStream in;

    /** Reads what is there already. */
    Wire(byte[] recorded) {
        socket = new Socket();
        in = new ByteArrayInputStream(recorded);
    }

    Wire(URI url) throws IOException {
        socket = new Socket(url.getHost(), url.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Response call(URI url, String request) throws IOException {
        try (Wire wire = new Wire(url)) {
            wire.send(request);
            return wire.response(request.startsWith("HEAD"));
        }
    }

    static Response call(URI url, byte[] request) throws IOException {
        try (Wire wire = new Wire(url)) {
            wire.socket.getOutputStream().write(request);
            return wire.response(false);
        }
    }

    static Response post(DifySimulator dify, String path, String json) throws IOException {
        return call(dify.url(), request(dify, "POST", path, json));
    }

    static Response get(DifySimulator dify, String path) throws IOException {
        return call(
                dify.url(),
                "GET /v1" + path + " HTTP/1.1\r\nHost: dify.example\r\nAuthorization: Bearer " + dify.key()
                        + "\r\n\r\n");
    }

    static String request(DifySimulator dify, String method, String path, String json) {
        return method + " /v1" + path + " HTTP/1.1\r\nHost: dify.example\r\nAuthorization: Bearer " + dify.key()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json;
    }

    static String question(String query, String mode) {
        return "{\"inputs\":{},\"query\":\"" + query + "\",\"response_mode\":\"" + mode + "\",\"user\":\"u1\"}";
    }

    /** The same JSON object with one field more. */
    static String with(String json, String field, String value) {
        return json.substring(0, json.length() - 1) + ",\"" + field + "\":\"" + value + "\"}";
    }

    /** What a path answers once it contains the text; asks again until then, 10 s at most. */
    static String until(DifySimulator dify, String path, String text) throws IOException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        String body = get(dify, path).body();
        while (!body.contains(text) && System.nanoTime() < deadline) {
            body = get(dify, path).body();
        }
        return body;
    }

    /** Something to do with the JSON of a frame. */
    interface Act {
        void on(String frame) throws IOException;
    }

    /** Reads a whole stream and acts at the first frame that contains the text. */
    static Response follow(Wire wire, String text, Act act) throws IOException {
        List<String> head = wire.head();
        List<String> chunks = new ArrayList<>();
        boolean acted = false;
        for (String chunk = wire.chunk(); !chunk.isEmpty(); chunk = wire.chunk()) {
            chunks.add(chunk);
            if (!acted && chunk.contains(text)) {
                acted = true;
                act.on(chunk.substring("data: ".length()));
            }
        }
        return new Response(head.get(0), head.subList(1, head.size()), chunks);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    Response response(boolean headOnly) throws IOException {
        List<String> head = head();
        List<String> chunks = new ArrayList<>();
        String chunk = headOnly ? "" : nextPart(head);
        while (!chunk.isEmpty()) {
            chunks.add(chunk);
            chunk = isChunked(head) ? chunk() : "";
        }
        return new Response(head.get(0), head.subList(1, head.size()), chunks);
    }

    /** Status line and headers. */
    List<String> head() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    private String nextPart(List<String> head) throws IOException {
        if (isChunked(head)) {
            return chunk();
        }
        for (String header : head) {
            if (header.startsWith("Content-Length: ")) {
                int length = Integer.parseInt(header.substring("Content-Length: ".length()));
                return new String(exactly(length), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** The next chunk; empty for the last one. */
    String chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        String chunk = new String(exactly(size), StandardCharsets.UTF_8);
        exactly(2);
        return chunk;
    }

    /** What one call of the socket's read gives. */
    String read() throws IOException {
        byte[] bytes = new byte[64 * 1024];
        int count = in.read(bytes);
        return count < 0 ? "" : new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    byte[] toTheEnd() throws IOException {
        return in.readAllBytes();
    }

    private static boolean isChunked(List<String> head) {
        return head.contains("Transfer-Encoding: chunked");
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("cut after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("cut in a line: " + line.toString(StandardCharsets.UTF_8));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
