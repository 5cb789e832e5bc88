package io.github.difyjakarta.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.UUID;

/**
 * One streamed answer: a chunk that is the same for every event but for its stamp. Confined to the thread of the fake Dify.
 */
final class Answer implements Comparable<Answer> {

    private static final byte[] HEAD = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream; charset=utf-8\r
            Cache-Control: no-cache\r
            Transfer-Encoding: chunked\r
            \r
            """.getBytes(US_ASCII);
    private static final String NO_STAMP = "0".repeat(Stamp.DIGITS);

    private final Query query;
    private final Connection connection;
    private final String task = UUID.randomUUID().toString();
    private final String ids;
    private final byte[] chunk;
    private final int stampAt;
    private int left;
    private long due;
    private long lastStamp;
    private boolean headIsOut;
    private boolean over;

    Answer(Query query, Connection connection, long now) {
        this.query = query;
        this.connection = connection;
        this.left = query.events();
        this.due = now;
        String message = UUID.randomUUID().toString();
        this.ids = "\"conversation_id\":\"" + UUID.randomUUID() + "\",\"message_id\":\"" + message
                + "\",\"created_at\":1795489498,\"task_id\":\"" + task + "\",\"id\":\"" + message + '"';
        String text = chunk("{\"event\":\"message\"," + ids + ",\"answer\":\"~" + NO_STAMP + "~ tok"
                + "x".repeat(query.padding()) + "\",\"from_variable_selector\":[]}");
        this.chunk = text.getBytes(US_ASCII);
        this.stampAt = text.indexOf((char) Stamp.MARK) + 1;
    }

    int id() {
        return query.id();
    }

    String task() {
        return task;
    }

    Connection connection() {
        return connection;
    }

    boolean isPaced() {
        return query.everyMicros() > 0;
    }

    /** Whether there is an event to write: its end is yet to come, and its connection takes bytes. */
    boolean canGoOn() {
        return left > 0 && !over && !connection.isFull();
    }

    boolean hasMore() {
        return left > 0;
    }

    boolean isOver() {
        return over;
    }

    void over() {
        over = true;
    }

    long due() {
        return due;
    }

    /** Takes one event. Stamps of a stream grow, so that a reader can tell an event from its duplicate. */
    byte[] next(long now) {
        left--;
        // A connection that was full delays all that follows, as it does Dify: nothing is caught up in a burst.
        due = Math.max(due + interval(), now);
        lastStamp = Math.max(now, lastStamp + 1);
        Stamp.write(lastStamp, chunk, stampAt);
        return withHead(chunk);
    }

    /** The last event and the end of the body. */
    byte[] end() {
        return withHead((chunk("{\"event\":\"message_end\"," + ids
                                + ",\"metadata\":{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2,"
                                + "\"currency\":\"USD\",\"latency\":0.1},\"retriever_resources\":[]},\"files\":[]}")
                        + "0\r\n\r\n")
                .getBytes(US_ASCII));
    }

    @Override
    public int compareTo(Answer other) {
        return Long.signum(due - other.due);
    }

    /** The head goes out with the first bytes of the body, as Dify's own. */
    private byte[] withHead(byte[] bytes) {
        if (headIsOut) {
            return bytes;
        }
        headIsOut = true;
        byte[] both = Arrays.copyOf(HEAD, HEAD.length + bytes.length);
        System.arraycopy(bytes, 0, both, HEAD.length, bytes.length);
        return both;
    }

    private long interval() {
        return query.everyMicros() * 1_000L;
    }

    private static String chunk(String json) {
        String frame = "data: " + json + "\n\n";
        return Integer.toHexString(frame.length()) + "\r\n" + frame + "\r\n";
    }
}
