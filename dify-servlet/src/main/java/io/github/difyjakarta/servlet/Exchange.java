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

    /** Whether the application has left an asynchronous exchange to other threads, and has not ended it yet. */
    boolean isAsync();

    /**
     * The same as {@link #takeOver} for an asynchronous exchange that is under way, whose time limit stays as it is; by any
     * thread.
     *
     * @throws IllegalStateException if the container does not let us
     */
    void follow();

    /** Gives the exchange back to the container: it goes on, without us. */
    void letGo();

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
