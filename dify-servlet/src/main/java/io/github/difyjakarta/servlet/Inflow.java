package io.github.difyjakarta.servlet;

import java.io.IOException;

/**
 * What a framework writes into a stream: how much of it may wait, when it may leave, and when the framework is told that
 * nobody reads it. Confined to the lock of its {@link StreamState}.
 */
final class Inflow {

    /** One event may have 16 MiB, and the relay keeps up to 4 MiB unsent before it gives a stream up. */
    static final long MAX_PENDING = 24L * 1024 * 1024;

    /** A framework that does not flush for so long has its whole frames sent all the same, as every container does. */
    private static final int UNFLUSHED = 32 * 1024;

    private final ByteQueue queue;
    private final Answer answer;
    private final Ending ending;
    private long maxPending;
    private boolean adopted;

    Inflow(ByteQueue queue, Answer answer, Ending ending, long maxPending) {
        this.queue = queue;
        this.answer = answer;
        this.ending = ending;
        this.maxPending = maxPending;
    }

    /** The framework is the host application's, and nobody else writes: a flush of its sends what there is. */
    void adopt(long hostMaxPending) {
        adopted = true;
        maxPending = hostMaxPending;
    }

    /** Whether nobody owns the stream but the framework, which is the host application's. */
    boolean isAdopted() {
        return adopted;
    }

    /**
     * Adds to the frame being written.
     *
     * @return whether something became ready to be sent
     */
    boolean write(byte[] bytes, int offset, int length) throws IOException {
        if (isDeafToFramework()) {
            return false;
        }
        if (queue.size() + length > maxPending && !passesAlone(length)) {
            queue.dropUnfinished();
            throw new SlowPeer(queue.size(), length, maxPending);
        }
        queue.write(bytes, offset, length);
        boolean tooLong = adopted
                && queue.size() > UNFLUSHED
                && !answer.isOther()
                && ByteQueue.endOfLastFrame(bytes, offset, offset + length) > offset;
        if (tooLong) {
            queue.endFrames();
            answer.headIsReady();
        }
        return tooLong;
    }

    /** An event of a host application's may be larger than what may wait of its stream, if nothing waits. */
    private boolean passesAlone(int length) {
        return adopted && !queue.hasReady() && queue.size() + length <= MAX_PENDING;
    }

    void flush() throws IOException {
        if (!isDeafToFramework() && !answer.isOther()) {
            end();
            answer.headIsReady();
        }
    }

    /** Nothing more is written. */
    void end() {
        if (adopted || answer.isOther()) {
            queue.endAll();
        } else {
            queue.endFrames();
        }
    }

    /** After a refusal or an end of ours nobody misses its bytes; after a failure it must hear of it, so that its send fails. */
    private boolean isDeafToFramework() throws IOException {
        if (ending.failure() != null || ending.isAborted()) {
            throw new IOException("The event stream is closed", ending.failure());
        }
        return answer.isMuted();
    }

    /** More would have to wait than may. */
    static final class SlowPeer extends IOException {
        private static final long serialVersionUID = 1;

        private SlowPeer(long waiting, int length, long limit) {
            super("The peer reads too slowly: " + waiting + " bytes wait already, and " + length
                    + " more would exceed the limit of " + limit);
        }
    }
}
