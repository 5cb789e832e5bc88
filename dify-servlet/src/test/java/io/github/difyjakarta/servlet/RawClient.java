package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP/1.1 client that sees every byte: one kept-alive connection. */
final class RawClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final InputStream in;

    /** An answer: status, and headers by name in any case. */
    record Answer(int status, Map<String, List<String>> headers) {
        String header(String name) {
            return String.join(" | ", headers.getOrDefault(name, List.of()));
        }
    }

    RawClient(int port) throws IOException {
        this(port, 0);
    }

    /** A client whose kernel takes only about this many bytes while it does not read. */
    RawClient(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream(), 4096);
    }

    RawClient get(String path, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: x\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        socket.getOutputStream().write(head.append("\r\n").toString().getBytes(ISO_8859_1));
        return this;
    }

    Answer readHead() throws IOException {
        String statusLine = readLine();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(statusLine.split(" ", -1)[1]), headers);
    }

    /** The body to its end, by length or chunks. */
    String readBody(Answer answer) throws IOException {
        if (!answer.header("Content-Length").isEmpty()) {
            return new String(in.readNBytes(Integer.parseInt(answer.header("Content-Length"))), UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
            body.write(chunk);
        }
        return body.toString(UTF_8);
    }

    /** The next chunk; empty at the end. */
    byte[] readChunk() throws IOException {
        int length = Integer.parseInt(readLine(), 16);
        byte[] chunk = in.readNBytes(length);
        readLine();
        return chunk;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("after " + line.toString(UTF_8));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(UTF_8);
    }

    boolean hasBytes() throws IOException {
        return in.available() > 0;
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
