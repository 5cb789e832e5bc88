package io.github.difyjakarta.servlet;

import java.io.IOException;

/**
 * The container's side of one event stream: {@link ServletExchange}, or a stand-in under test. Used by one thread at a time,
 * and never under a lock of ours. None of these methods blocks.
 */
interface Exchange {

    /**
     * Prepares the exchange for output of ours; called once, before everything else, in the request thread.
     *
     * @throws IllegalStateException if that is impossible, with the reason
     */
    void takeOver();

    /** Sets status and headers on the response; called once, before any byte. */
    void head(Head head);

    /** Whether one {@link #write} or {@link #flush} may follow. If not, {@link EventStream#writePossible} will be called. */
    boolean isReady();

    void write(byte[] bytes, int offset, int length) throws IOException;

    void flush() throws IOException;

    /** Ends the exchange; one that the container has ended already is no error. */
    void complete();

    /** Ends the exchange, and its connection where possible, although bytes are waiting. */
    void abort();
}
