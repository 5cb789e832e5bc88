package io.github.difyjakarta.rest;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is encoded already, in the shape that a sink takes: the JSON of Dify's events is passed on as the bytes it came
 * in. {@link SseFrameWriter} writes it.
 */
final class SseFrame implements OutboundSseEvent {
    private final byte[] bytes;
    private final @Nullable Runnable written;

    /**
     * @param bytes a whole frame, with its blank line; empty for none
     * @param written run when the frame's turn has come, behind all that were sent before it
     */
    SseFrame(byte[] bytes, @Nullable Runnable written) {
        this.bytes = bytes;
        this.written = written;
    }

    /** The bytes without the last line end, which the sink adds to every event. */
    int length() {
        return Math.max(0, bytes.length - 1);
    }

    byte[] bytes() {
        return bytes;
    }

    void onWritten() {
        if (written != null) {
            written.run();
        }
    }

    @Override
    public Class<?> getType() {
        return SseFrame.class;
    }

    @Override
    public Type getGenericType() {
        return SseFrame.class;
    }

    @Override
    public MediaType getMediaType() {
        return MediaType.APPLICATION_JSON_TYPE;
    }

    @Override
    public Object getData() {
        return bytes;
    }

    @Override
    public @Nullable String getId() {
        return null;
    }

    @Override
    public @Nullable String getName() {
        return null;
    }

    @Override
    public @Nullable String getComment() {
        return null;
    }

    @Override
    public long getReconnectDelay() {
        return RECONNECT_NOT_SET;
    }

    @Override
    public boolean isReconnectDelaySet() {
        return false;
    }
}
