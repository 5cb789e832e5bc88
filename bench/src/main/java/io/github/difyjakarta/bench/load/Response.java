package io.github.difyjakarta.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Reads the answer to one question, wherever it is cut, and judges it. Confined to one thread.
 */
final class Response {

    private static final int LONGEST_HEAD = 16 * 1024;

    private final int wanted;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private final ChunkedBody body = new ChunkedBody();
    private boolean inBody;
    private boolean keepsAlive = true;
    private int events;
    private long last;
    private Optional<Failure> failure = Optional.empty();

    /**
     * Of nothing read yet.
     *
     * @param wanted how many events should come
     */
    Response(int wanted) {
        this.wanted = wanted;
    }

    /**
     * Reads on.
     *
     * @param stamps takes the stamp of each event
     */
    void feed(byte[] bytes, int count, LongConsumer stamps) {
        int at = 0;
        while (at < count && !inBody && failure.isEmpty()) {
            head(bytes[at]);
            at++;
        }
        if (at == count || failure.isPresent()) {
            return;
        }
        try {
            body.feed(bytes, at, count, stamp -> event(stamp, stamps));
        } catch (IllegalStateException noChunks) {
            fail(Failure.CUT);
        }
        if (body.isOver()) {
            judge();
        }
    }

    /** Whether nothing more is to be read. */
    boolean isOver() {
        return body.isOver() || failure.isPresent();
    }

    /** Whether its first bytes have come. */
    boolean hasBegun() {
        return head.size() > 0;
    }

    boolean keepsAlive() {
        return keepsAlive;
    }

    int events() {
        return events;
    }

    Optional<Failure> failure() {
        return failure;
    }

    private void head(byte b) {
        head.write(b);
        if (b != '\n') {
            return;
        }
        String text = head.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
        if (text.endsWith("\r\n\r\n")) {
            inBody = true;
            keepsAlive = !text.contains("\r\nconnection: close\r\n");
            if (!text.startsWith("http/1.1 200 ")) {
                fail(Failure.STATUS);
            } else if (!text.contains("\r\ntransfer-encoding: chunked\r\n")) {
                fail(Failure.CUT);
            }
        } else if (head.size() > LONGEST_HEAD) {
            fail(Failure.STATUS);
        }
    }

    private void event(long stamp, LongConsumer stamps) {
        if (stamp <= last) {
            fail(Failure.ORDER);
        }
        last = stamp;
        events++;
        stamps.accept(stamp);
    }

    private void judge() {
        if (events != wanted) {
            fail(Failure.COUNT);
        } else if (!body.sawEnd()) {
            fail(Failure.NO_END);
        }
    }

    private void fail(Failure what) {
        if (failure.isEmpty()) {
            failure = Optional.of(what);
        }
    }
}
