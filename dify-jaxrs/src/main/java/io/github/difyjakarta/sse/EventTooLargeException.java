package io.github.difyjakarta.sse;

/** An event outgrew the bound given to the {@link SseDecoder}; the stream cannot be read on. */
public final class EventTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int limit;

    EventTooLargeException(int limit) {
        super("an event of the stream is larger than " + limit + " bytes");
        this.limit = limit;
    }

    /** The bound, in bytes. */
    public int limit() {
        return limit;
    }
}
