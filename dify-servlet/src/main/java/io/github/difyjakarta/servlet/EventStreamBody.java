package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a framework writes to once its response is ours: it only fills the stream's buffer. */
final class EventStreamBody extends ServletOutputStream {

    private final EventStream stream;
    private final AtomicBoolean awaitsRoom = new AtomicBoolean();
    private volatile @Nullable WriteListener listener;

    EventStreamBody(EventStream stream) {
        this.stream = stream;
    }

    /** Whether the response is ours. */
    boolean isInUse() {
        return stream.isEngaged();
    }

    @Override
    public void write(int b) throws IOException {
        stream.write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
    }

    /** The exchange ends by its asynchronous context; a framework that closes its output has at least written it. */
    @Override
    public void close() throws IOException {
        if (!stream.isClosed()) {
            stream.flush();
        }
    }

    /**
     * There is always room for the framework of an owner, who looks after the pending bytes by other means. A host
     * application that has written without a listener, and then sets one, relies on this.
     */
    @Override
    public boolean isReady() {
        if (listener == null || stream.hasRoom()) {
            return true;
        }
        if (awaitsRoom.compareAndSet(false, true)) {
            stream.onDrained(this::thereIsRoom);
        }
        return false;
    }

    private void thereIsRoom() {
        awaitsRoom.set(false);
        WriteListener told = listener;
        if (told != null) {
            tell(told);
        }
    }

    private static void tell(WriteListener listener) {
        try {
            listener.onWritePossible();
        } catch (IOException e) {
            listener.onError(e);
        }
    }

    /** RESTEasy writes this way. */
    @Override
    public void setWriteListener(WriteListener newListener) {
        listener = newListener;
        stream.callSoon(() -> tell(newListener));
        stream.onClosed(newListener::onError);
    }
}
