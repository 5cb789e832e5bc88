package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The output of one event stream, ours from {@link #hold} on: what a framework (Jersey's {@code SseEventSink}, a servlet)
 * writes goes into a buffer that the container drains whenever the peer reads, so no thread ever waits for a slow browser;
 * and the head is held back until the first event is known, so a refusal can still have its own status.
 *
 * <pre>{@code
 * EventStreamOutput output = EventStreamOutput.of(request).orElseThrow();
 * output.hold(Duration.ofMillis(800), ": open\n\n".getBytes(UTF_8));
 * …                                   // later, on any thread: one of
 * output.release();                   // the first event is there
 * output.refuse(429, headers, "application/problem+json", body);
 * …
 * output.finish();                    // everything was written
 * }</pre>
 *
 * <p>Only whole frames (bytes up to a blank line) leave, so {@link #writeDirect} never cuts a frame in two. Thread-safe.
 * Nothing here blocks. Callbacks run on a scheduler thread, never in the caller's and never under a lock of ours; they must
 * not block either.
 */
public interface EventStreamOutput {

    /** {@link #onDrained} fires at this many pending bytes or fewer: 32 KiB. */
    int DRAINED_BYTES = 32 * 1024;

    /**
     * The output of this request.
     *
     * @return empty if {@link StreamingFilter} did not see the request: switched off, or not mapped to it
     */
    static Optional<EventStreamOutput> of(ServletRequest request) {
        return request.getAttribute(StreamingRequest.OUTPUT) instanceof EventStreamOutput output
                ? Optional.of(output)
                : Optional.empty();
    }

    /**
     * Takes the response over and holds its head and bytes back. If neither {@link #release} nor {@link #refuse} came
     * within {@code preambleAfter}, the head, the preamble and what was written so far go out. No thread waits for that.
     *
     * @param preambleAfter zero or more; to be called in the request thread, once, before anything is written
     * @param preamble whole frames, for instance a comment; empty for none
     * @throws IllegalStateException if the request cannot be asynchronous, or its output was already taken
     */
    void hold(Duration preambleAfter, byte[] preamble);

    /** Lets the head and what is buffered go, without the preamble. Does nothing the second time, or after a refusal. */
    void release();

    /**
     * Answers with a status in place of the stream, if nothing has gone out: the held head (with every header set on it)
     * and the buffer are dropped, this answer is sent, and the exchange ends. Headers of filters outside ours stay.
     *
     * @return false if it is too late: the head is out, or the exchange is over
     */
    boolean refuse(int status, Map<String, String> headers, String contentType, byte[] body);

    /**
     * Answers with something else that is long, a file for instance, in place of a stream, if nothing has gone out: the held
     * head (with every header set on it) and the buffer are dropped, this head is sent, and its body follows by {@link
     * #writeDirect} until {@link #finish}. What the framework writes is dropped. Headers of filters outside ours stay.
     *
     * @param length of the body in bytes; empty where only its end shows it
     * @return false if it is too late: the head is out, or the exchange is over
     */
    boolean replace(int status, Map<String, String> headers, String contentType, OptionalLong length);

    /** Bytes written but not yet accepted by the container, held ones included. */
    long pendingBytes();

    /**
     * Calls back once, when {@link #pendingBytes} is {@value #DRAINED_BYTES} or less (at once if it is so already). Never
     * called when the stream closes before that.
     */
    void onDrained(Runnable callback);

    /**
     * Calls back once, when the peer is gone, a write failed, the container gave the exchange up, or the resource has thrown
     * and its owner has not ended the stream (at once if that has happened). Not called for {@link #finish}, {@link #refuse}
     * or {@link #abort}.
     */
    void onClosed(Consumer<Throwable> callback);

    /** Whether nothing more can go out: ended in whatever way. */
    boolean isClosed();

    /**
     * Sends bytes past the framework, behind the whole frames it has written: a terminal event must be able to go out when
     * the framework's own writer failed. Held like all others until {@link #release}. Dropped if the stream is closed or
     * ending.
     *
     * @param frame whole frames, or after {@link #replace} any bytes; not to be changed afterwards
     */
    void writeDirect(byte[] frame);

    /**
     * Until {@link #uncork}, what is written waits, so that several events leave in one write: around one read from
     * upstream. Does not nest.
     */
    void cork();

    /** Ends {@link #cork}; harmless without it. */
    void uncork();

    /**
     * Ends the stream: everything was written, no {@link #writeDirect} follows. The exchange completes when what is pending
     * has gone out and the framework has completed as well, since it may still be writing on another thread what its sink
     * has taken (Jersey does); a framework that does not complete is waited for one second, and then an unfinished frame of
     * its is dropped. So call this just after closing the framework's sink. The other way round, a stream the framework
     * completes stays open one second for its owner's terminal event and {@code finish()}. A peer that takes nothing for
     * 30 s after the end is cut off.
     */
    void finish();

    /** Drops what is pending and ends the exchange now; the connection is not used again where the server lets us say so. */
    void abort();

    /** For how long the container has taken nothing although something waits; zero when nothing does. */
    Duration stalledFor();
}
