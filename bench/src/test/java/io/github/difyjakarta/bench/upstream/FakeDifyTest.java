package io.github.difyjakarta.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FakeDifyTest {

    private static final Pattern STAMP = Pattern.compile("~(\\d{20})~");
    private static final Pattern TASK = Pattern.compile("\"task_id\":\"([^\"]+)\"");

    private final FakeDify dify = FakeDify.start(0, "app-k");

    @AfterEach
    void close() {
        dify.close();
    }

    @Test
    void stampsEachEventWithTheMomentOfItsWrite() throws IOException {
        long before = System.nanoTime();
        try (Socket caller = ask("bench n=3 every_us=1000")) {
            String answer = readUntil(caller, "0\r\n\r\n");
            List<Long> stamps = STAMP.matcher(answer)
                    .results()
                    .map(match -> Long.valueOf(match.group(1)))
                    .toList();

            assertThat(stamps).hasSize(3).isSorted();
            assertThat(stamps.get(0)).isBetween(before, System.nanoTime());
            assertThat(stamps.get(2) - stamps.get(0)).isGreaterThanOrEqualTo(2_000_000);
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("data: {\"event\":\"message_end\"");
        }
    }

    @Test
    void sendsEachEventAsAChunkOfItsOwn() throws IOException {
        try (Socket caller = ask("bench n=2")) {
            String answer = readUntil(caller, "0\r\n\r\n");
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            int size = Integer.parseInt(body.substring(0, body.indexOf("\r\n")), 16);
            String chunk = body.substring(body.indexOf("\r\n") + 2).substring(0, size);

            assertThat(chunk).startsWith("data: {\"event\":\"message\"").endsWith("}\n\n");
            assertThat(body.substring(body.indexOf("\r\n") + 2).substring(size)).startsWith("\r\n");
        }
    }

    @Test
    void answersOneRequestAfterTheOtherOnAConnection() throws IOException {
        try (Socket caller = ask("bench n=1")) {
            readUntil(caller, "0\r\n\r\n");
            caller.getOutputStream().write(request("bench n=1"));

            assertThat(readUntil(caller, "0\r\n\r\n")).contains("message_end");
        }
    }

    @Test
    void refusesAWrongKey() throws IOException {
        try (Socket caller =
                send("POST /v1/chat-messages HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n".getBytes(US_ASCII))) {
            assertThat(readUntil(caller, "}")).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void endsAStoppedStreamAndSaysWhenThatWas() throws IOException {
        try (Socket caller = ask("bench n=100000 every_us=1000 id=7")) {
            MatchResult task = TASK.matcher(readUntil(caller, "\n\n"))
                    .results()
                    .findFirst()
                    .orElseThrow();
            long before = System.nanoTime();
            try (Socket other = send(("POST /v1/chat-messages/" + task.group(1)
                            + "/stop HTTP/1.1\r\nAuthorization: Bearer app-k\r\n\r\n")
                    .getBytes(US_ASCII))) {
                assertThat(readUntil(other, "}")).contains("success");
            }

            assertThat(readUntil(caller, "0\r\n\r\n")).contains("message_end");
            assertThat(takeLeft()).matches("(?s).*\r\n\r\n7 \\d+\n").satisfies(left -> assertThat(Long.parseLong(
                            left.substring(left.indexOf("\r\n\r\n7 ") + 6).strip()))
                    .isBetween(before, System.nanoTime()));
            assertThat(takeLeft()).doesNotContain("7 ");
        }
    }

    @Test
    void noticesACallerWhoLeaves() throws IOException {
        try (Socket caller = ask("bench n=100000 every_us=1000 id=8")) {
            readUntil(caller, "\n\n");
        }
        String left = takeLeft();
        while (!left.contains("\r\n\r\n8 ")) {
            left = takeLeft();
        }
    }

    private Socket ask(String question) throws IOException {
        return send(request(question));
    }

    private static byte[] request(String question) {
        String body = "{\"query\":\"" + question + "\"}";
        return ("POST /v1/chat-messages HTTP/1.1\r\nAuthorization: Bearer app-k\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private Socket send(byte[] request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), dify.port());
        socket.getOutputStream().write(request);
        return socket;
    }

    private String takeLeft() {
        try (Socket socket = send("GET /left HTTP/1.1\r\n\r\n".getBytes(US_ASCII))) {
            String head = readUntil(socket, "\r\n\r\n");
            int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
            return head + new String(socket.getInputStream().readNBytes(length), US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("The end of the connection after " + read);
            }
            read.append((char) b);
        }
        return read.toString();
    }
}
