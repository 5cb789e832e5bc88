package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.event.DifyFrame;
import java.time.Duration;

/**
 * Where a stream goes: one browser, by whatever transport. Called by one thread at a time; no method blocks, and none throws
 * for a browser that left: {@link #onClosed} tells.
 */
public interface Outlet {
    /** Passes an event on, its JSON unchanged; it may wait for {@link #flush}. */
    void event(DifyFrame frame);

    /** Sends what waits, in one go. */
    void flush();

    /** Something that means nothing, so that neither browser nor proxies take silence for death. */
    void keepAlive();

    /**
     * Says what went wrong, and ends: by an HTTP status where nothing has gone out yet, else by a last event, so that no
     * answer stops without saying so.
     */
    void error(RelayError error);

    /** Ends in good order, once everything has gone out. */
    void end();

    /** Ends at once; for a browser that takes nothing. */
    void abort();

    /** Bytes that the browser has not taken yet, without those that wait for {@link #flush}. */
    long pendingBytes();

    /** For how long it has taken nothing although something waits. */
    Duration stalledFor();

    /** Calls back once, when there is room again. */
    void onDrained(Runnable callback);

    /** Calls back once, when the browser is gone. Not called after the relay itself has ended the outlet. */
    void onClosed(Runnable callback);
}
