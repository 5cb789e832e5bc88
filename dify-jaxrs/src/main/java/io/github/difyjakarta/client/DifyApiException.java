package io.github.difyjakarta.client;

import java.time.Duration;
import java.util.Optional;

/** Dify answered, and said no: by its HTTP status, or by an error inside a stream. */
public final class DifyApiException extends DifyException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String difyMessage;
    private final transient Optional<Duration> retryAfter;

    DifyApiException(int status, String code, String difyMessage, Optional<Duration> retryAfter) {
        super(code, "Dify refused with " + status + " " + code + (difyMessage.isEmpty() ? "" : ": " + difyMessage));
        this.status = status;
        this.difyMessage = difyMessage;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status, or the one inside the stream's error; 0 where a failed run named none. */
    public int status() {
        return status;
    }

    /** Dify's words, for people; they change between versions. Empty for pages that are not Dify's. */
    public String difyMessage() {
        return difyMessage;
    }

    /** What {@code Retry-After} asked for, if it was there and sensible. Not kept by serialization. */
    @SuppressWarnings("NullAway") // null only after deserialization
    public Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }
}
