package io.github.difyjakarta.simulator.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * One request and the answer to it: either {@link #reply}, or {@link #head} with chunks and one of {@link #end},
 * {@link #cut}, {@link #reset}. After its end every call is without effect. Confined to the event loop.
 */
public final class Exchange {

    /** How an exchange ended. */
    public enum End {
        /** Everything was sent. */
        COMPLETED,
        /** The client has left before. */
        CLIENT_CLOSED,
        /** We have closed the connection before. */
        CUT,
        /** We have reset the connection before. */
        RESET
    }

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final HttpRequest http;
    private final Signature signature;
    private byte[] heldHead = NOTHING;
    private boolean chunked;
    private boolean keepAlive;
    private boolean over;
    private Consumer<End> onEnd = how -> {};
    private Runnable onClientLeft = () -> {};

    Exchange(Connection connection, HttpRequest http, Signature signature) {
        this.connection = connection;
        this.http = http;
        this.signature = signature;
        this.keepAlive = http.keepsAlive();
    }

    /** What was asked. */
    public HttpRequest request() {
        return http;
    }

    /** The number of its connection, from 1. */
    public long connection() {
        return connection.number();
    }

    /** Whether its end is decided. */
    public boolean isOver() {
        return over;
    }

    /** Calls back once, when it has ended. */
    public void onEnd(Consumer<End> callback) {
        this.onEnd = callback;
    }

    /** Runs the task when the client leaves before the end. */
    public void onClientLeft(Runnable task) {
        this.onClientLeft = task;
    }

    /** Answers with a response of known length. */
    public void reply(Reply reply) {
        reply(reply, reply.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with these bytes instead of the reply's text. */
    public void reply(Reply reply, byte[] body) {
        if (over) {
            return;
        }
        byte[] head =
                ResponseHead.of(reply, body.length, keepAlive, signature.headers(http, reply.matched()), Instant.now());
        connection.write(http.method().equals("HEAD") ? head : join(head, body));
        finish();
    }

    /** The head of a stream. It is held back until the first chunk, as gunicorn does it, or {@link #sendHead}. */
    public void head(int status, String contentType, List<Reply.Header> headers) {
        chunked = http.isHttp11();
        heldHead = ResponseHead.ofStream(
                status, contentType, headers, chunked, keepAlive, signature.headers(http, true), Instant.now());
    }

    /** The bytes that follow are sent as they are, and the connection does not outlive them. */
    public void headless() {
        heldHead = NOTHING;
        chunked = false;
        keepAlive = false;
    }

    /** Sends a held head alone. */
    public void sendHead() {
        send(NOTHING);
    }

    /** One chunk, together with a held head in one write. */
    public void chunk(byte[] bytes) {
        if (!chunked) {
            send(bytes);
        } else if (bytes.length > 0) {
            // An empty chunk would be the last one.
            byte[] size =
                    Integer.toHexString(bytes.length).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            send(join(size, CRLF, bytes, CRLF));
        }
    }

    /** From now on no more than this many bytes go into one write. */
    public void splitEvery(int bytes) {
        connection.pieceSize(bytes);
    }

    /** Whether everything so far is with the kernel. */
    public boolean isFlushed() {
        return connection.isFlushed();
    }

    /** Runs the task once everything so far is with the kernel; never if the client leaves before. */
    public void whenFlushed(Runnable task) {
        connection.whenFlushed(task);
    }

    /** The clean end of a stream. */
    public void end() {
        if (over) {
            return;
        }
        send(chunked ? LAST_CHUNK : NOTHING);
        finish();
    }

    /** FIN without the last chunk, after what is queued. */
    public void cut() {
        breakOff(End.CUT);
    }

    /** RST, after what is queued is with the kernel. */
    public void reset() {
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
        onEnd.accept(how);
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
