package io.github.difyjakarta.client.error;

/** A stream began and broke: what came before is not a whole answer. */
public final class DifyStreamException extends DifyException {
    private static final long serialVersionUID = 1;

    /** It ended in good order but without a terminal event. */
    public static final String TRUNCATED = "truncated";
    /** The connection broke. */
    public static final String CLOSED = "upstream_closed";
    /** No byte came for longer than {@code timeout.idle}. */
    public static final String IDLE = "upstream_idle";
    /** It took longer than {@code timeout.total}. */
    public static final String TOTAL_TIMEOUT = "total_timeout";
    /** An event outgrew {@code max-event-bytes}. */
    public static final String EVENT_TOO_LARGE = "event_too_large";
    /** The subscriber did not keep up with a stream that must not be held back. */
    public static final String SLOW_READER = "slow_reader";
    /** An event was not what Dify's contract says. */
    public static final String MALFORMED = "upstream_error";
    /** The client was closed. */
    public static final String SHUTTING_DOWN = "shutting_down";

    /**
     * @param code one of the constants above, or {@link DifyConnectionException#CANCELLED}
     */
    public DifyStreamException(String code, String message) {
        super(code, message);
    }

    /** The same, with what caused it. */
    public DifyStreamException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
