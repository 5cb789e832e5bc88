package io.github.difyjakarta.client.error;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dify did not answer: not reachable, too slow, too busy, or its answer was none of Dify's. */
public final class DifyConnectionException extends DifyException {
    private static final long serialVersionUID = 1;

    /** No connection, or it broke before an answer. */
    public static final String UNREACHABLE = "upstream_unreachable";
    /** A deadline passed before the answer began. */
    public static final String TIMEOUT = "upstream_timeout";
    /** No place among the concurrent requests came free in time. */
    public static final String BUSY = "upstream_busy";
    /** It has failed many times in a row and is not asked for a while. */
    public static final String UNAVAILABLE = "upstream_unavailable";
    /** What answered does not speak Dify's protocol. */
    public static final String NOT_DIFY = "upstream_error";
    /** What was to be sent could not be read. */
    public static final String UNREADABLE = "upload_unreadable";
    /** The caller gave up, or the client was closed. */
    public static final String CANCELLED = "cancelled";

    private final boolean runMayHaveStarted;
    private final @Nullable Duration retryAfter;

    /**
     * @param code one of the constants above
     * @param message names no host, key or content
     * @param runMayHaveStarted whether Dify may have got the request
     */
    public DifyConnectionException(String code, String message, boolean runMayHaveStarted) {
        this(code, message, runMayHaveStarted, null);
    }

    private DifyConnectionException(
            String code, String message, boolean runMayHaveStarted, @Nullable Duration retryAfter) {
        super(code, message);
        this.runMayHaveStarted = runMayHaveStarted;
        this.retryAfter = retryAfter;
    }

    /** It is left alone. */
    public static DifyConnectionException unavailable(Duration retryAfter) {
        return new DifyConnectionException(
                UNAVAILABLE,
                "Dify has failed too often and is not asked again for " + retryAfter.toSeconds() + " s",
                false,
                retryAfter);
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

    /** When to ask again, where that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
