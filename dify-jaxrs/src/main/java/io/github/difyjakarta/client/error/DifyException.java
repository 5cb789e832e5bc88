package io.github.difyjakarta.client.error;

/**
 * Something went wrong with Dify; the leaves tell what a caller can do about it. Messages name what happened and what
 * decides, never a key, and never what a user or the model wrote unless Dify's own message does.
 */
public abstract sealed class DifyException extends RuntimeException
        permits DifyApiException,
                DifyUnsupportedException,
                DifyConnectionException,
                DifyStreamException,
                DifyConfigurationException {
    private static final long serialVersionUID = 1;

    private final String code;

    DifyException(String code, String message) {
        super(message);
        this.code = code;
    }

    DifyException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** A stable name to decide by: Dify's own code where it answered, else one of ours such as {@code upstream_idle}. */
    public String code() {
        return code;
    }
}
