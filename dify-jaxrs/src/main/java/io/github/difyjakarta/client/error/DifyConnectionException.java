package io.github.difyjakarta.client.error;

import java.net.SocketTimeoutException;

/** Dify did not answer: not reachable, too slow, too busy, or its answer was none of Dify's. */
public final class DifyConnectionException extends DifyException {
    private static final long serialVersionUID = 1;

    /** No connection, or it broke before an answer. */
    public static final String UNREACHABLE = "upstream_unreachable";
    /** A deadline passed before the answer began. */
    public static final String TIMEOUT = "upstream_timeout";
    /** No place among the concurrent requests came free in time. */
    public static final String BUSY = "upstream_busy";
    /** What answered does not speak Dify's protocol. */
    public static final String NOT_DIFY = "upstream_error";
    /** What was to be sent could not be read. */
    public static final String UNREADABLE = "upload_unreadable";
    /** The caller gave up, or the client was closed. */
    public static final String CANCELLED = "cancelled";

    private final boolean runMayHaveStarted;

    /**
     * @param code one of the constants above
     * @param message names no host, key or content
     * @param runMayHaveStarted whether Dify may have got the request
     */
    public DifyConnectionException(String code, String message, boolean runMayHaveStarted) {
        super(code, message);
        this.runMayHaveStarted = runMayHaveStarted;
    }

    /** No connection came about. The cause is told by its type only: its message may name hosts. */
    public static DifyConnectionException notConnected(Exception cause) {
        return new DifyConnectionException(
                cause instanceof SocketTimeoutException ? TIMEOUT : UNREACHABLE,
                "no connection to Dify (" + cause.getClass().getSimpleName() + ")",
                false);
    }

    /** The connection broke while an answer was awaited. */
    public static DifyConnectionException broken(Exception cause, boolean runMayHaveStarted) {
        return new DifyConnectionException(
                UNREACHABLE,
                "the connection to Dify broke before an answer ("
                        + cause.getClass().getSimpleName() + ")",
                runMayHaveStarted);
    }

    /** The caller gave up. */
    public static DifyConnectionException cancelled() {
        return new DifyConnectionException(CANCELLED, "given up before Dify answered", false);
    }

    /** Whether Dify may have got the request: then repeating it may run, and bill, it twice. */
    public boolean runMayHaveStarted() {
        return runMayHaveStarted;
    }
}
