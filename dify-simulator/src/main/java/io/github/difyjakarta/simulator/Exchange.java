package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.StreamRecord.End;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and the answer to it: either {@link #reply}, or {@link #head} with chunks and one of {@link #end},
 * {@link #cut}, {@link #reset}. After its end every call is without effect. Confined to the event loop.
 */
final class Exchange {

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final HttpRequest http;
    private final RecordedRequest request;
    private byte[] heldHead = NOTHING;
    private boolean chunked;
    private boolean keepAlive;
    private boolean over;
    private @Nullable StreamRecord record;
    private Runnable onClientLeft = () -> {};

    Exchange(Connection connection, HttpRequest http) {
        this.connection = connection;
        this.http = http;
        this.request = Paths.recorded(http, connection.number());
        this.keepAlive = http.keepsAlive();
    }

    RecordedRequest request() {
        return request;
    }

    /** Whether it was sent below the base URL; {@code /info} and {@code /v1/info} are recorded alike. */
    boolean isBelowBase() {
        return http.target().startsWith(Paths.BASE + "/");
    }

    boolean isOver() {
        return over;
    }

    /** Who wants to know how the stream ended. */
    void track(StreamRecord stream) {
        this.record = stream;
    }

    void onClientLeft(Runnable task) {
        this.onClientLeft = task;
    }

    /** Answers with a response of known length. */
    void reply(Reply reply) {
        if (over) {
            return;
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        byte[] head = ResponseHead.of(reply, body.length, keepAlive, origin(), Instant.now());
        connection.write(http.method().equals("HEAD") ? head : join(head, body));
        finish();
    }

    /** The head of a stream. It is held back until the first chunk, as Dify does it, or {@link #sendHead}. */
    void head(int status, String contentType, List<Reply.Header> headers) {
        chunked = http.isHttp11();
        heldHead = ResponseHead.ofStream(status, contentType, headers, chunked, keepAlive, origin(), Instant.now());
    }

    /** The bytes that follow are sent as they are, and the connection does not outlive them. */
    void headless() {
        heldHead = NOTHING;
        chunked = false;
        keepAlive = false;
    }

    void sendHead() {
        send(NOTHING);
    }

    /** One chunk, together with a held head in one write. */
    void chunk(byte[] bytes) {
        if (!chunked) {
            send(bytes);
        } else if (bytes.length > 0) {
            // An empty chunk would be the last one.
            byte[] size =
                    Integer.toHexString(bytes.length).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            send(join(size, CRLF, bytes, CRLF));
        }
    }

    void splitEvery(int bytes) {
        connection.pieceSize(bytes);
    }

    boolean isFlushed() {
        return connection.isFlushed();
    }

    void whenFlushed(Runnable task) {
        connection.whenFlushed(task);
    }

    /** The clean end of a stream. */
    void end() {
        if (over) {
            return;
        }
        send(chunked ? LAST_CHUNK : NOTHING);
        finish();
    }

    /** FIN without the last chunk, after what is queued. */
    void cut() {
        breakOff(End.CUT);
    }

    /** RST, after what is queued is with the kernel. */
    void reset() {
        breakOff(End.RESET);
    }

    /** The connection is gone, whoever closed it. */
    void abandon(End how) {
        over = true;
        ended(how);
        onClientLeft.run();
    }

    private void finish() {
        over = true;
        connection.whenFlushed(() -> {
            ended(End.COMPLETED);
            connection.exchangeDone(keepAlive);
        });
    }

    private void breakOff(End how) {
        if (over) {
            return;
        }
        over = true;
        connection.whenFlushed(() -> {
            ended(how);
            connection.close(how == End.RESET);
        });
    }

    private void ended(End how) {
        if (record != null) {
            record.end(how);
        }
    }

    private void send(byte[] bytes) {
        if (!over) {
            byte[] all = join(heldHead, bytes);
            heldHead = NOTHING;
            if (all.length > 0) {
                connection.write(all);
            }
        }
    }

    private Optional<String> origin() {
        return http.header("origin");
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int position = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, position, part.length);
            position += part.length;
        }
        return joined;
    }
}
