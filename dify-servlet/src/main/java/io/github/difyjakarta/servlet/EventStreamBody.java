package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Objects;

/** What a framework writes to once its response is held: always ready, since it only fills the stream's buffer. */
final class EventStreamBody extends ServletOutputStream {

    private final EventStream stream;

    EventStreamBody(EventStream stream) {
        this.stream = stream;
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

    @Override
    public boolean isReady() {
        return true;
    }

    /** RESTEasy writes this way: there is always room. */
    @Override
    public void setWriteListener(WriteListener listener) {
        stream.callSoon(() -> {
            try {
                listener.onWritePossible();
            } catch (IOException e) {
                listener.onError(e);
            }
        });
        stream.onClosed(listener::onError);
    }
}
