package io.github.difyjakarta.client.error;

import java.time.Duration;
import java.util.Optional;

/**
 * Dify answered, and said no: by its HTTP status, or by an error inside a stream. What a model or its provider does is told
 * inside a stream by codes that are not reliable: {@code invalid_param} there is no proof of a mistake of the caller's.
 */
public final class DifyApiException extends DifyException {
    private static final long serialVersionUID = 2;

    private final int status;
    private final String difyMessage;
    private final transient Reply reply;

    /**
     * What came with a refusal beside its code.
     *
     * @param params the field that Dify complains about; only servers before 1.11 name it
     * @param traceId for the search in Dify's logs, from {@code X-Trace-Id}
     * @param serverVersion of Dify, from {@code X-Version}
     * @param retryAfter what {@code Retry-After} asked for, if it was there and sensible
     * @param body the first 64 KiB of it, as it came: a page of a proxy's, perhaps; of a run that failed all that is known of
     *     it; empty inside a stream
     */
    public record Reply(
            Optional<String> params,
            Optional<String> traceId,
            Optional<String> serverVersion,
            Optional<Duration> retryAfter,
            String body) {
        /** Nothing but its code and message. */
        public static final Reply NONE =
                new Reply(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");

        /** Without the body, which may hold what users wrote. */
        @Override
        public String toString() {
            return "Reply[serverVersion=" + serverVersion.orElse("?") + ", traceId=" + traceId.orElse("?") + ", "
                    + body.length() + " characters]";
        }
    }

    /**
     * @param status of HTTP, or of the error inside a stream; 0 where there is none
     * @param code Dify's, or {@code http_} and the status
     * @param difyMessage for people; may be empty
     */
    public DifyApiException(int status, String code, String difyMessage, Reply reply) {
        super(code, "Dify refused with " + status + " " + code + (difyMessage.isEmpty() ? "" : ": " + difyMessage));
        this.status = status;
        this.difyMessage = difyMessage;
        this.reply = reply;
    }

    /** The HTTP status, or the one inside the stream's error; 0 where a failed run named none. */
    public int status() {
        return status;
    }

    /** Dify's words, for people; they change between versions. Empty for pages that are not Dify's. */
    public String difyMessage() {
        return difyMessage;
    }

    /** What else came with it. Not kept by serialization. */
    @SuppressWarnings("NullAway") // null only after deserialization
    public Reply reply() {
        return reply == null ? Reply.NONE : reply;
    }

    /** What {@code Retry-After} asked for, if it was there and sensible. */
    public Optional<Duration> retryAfter() {
        return reply().retryAfter();
    }
}
