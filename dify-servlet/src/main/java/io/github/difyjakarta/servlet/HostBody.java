package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * What the host application writes an event stream to: the container's own output, and from the moment on in which the
 * stream can be ours, its buffer. An application with a write listener of its own keeps the container's output for good.
 */
final class HostBody extends ServletOutputStream {

    private final ServletOutputStream container;
    private final EventStreamBody buffered;
    private final BooleanSupplier buffers;
    private volatile boolean listened;

    /** Asks {@code buffers} before each use whether the buffer is to be used; once it is, it is to stay. */
    HostBody(ServletOutputStream container, EventStreamBody buffered, BooleanSupplier buffers) {
        this.container = container;
        this.buffered = buffered;
        this.buffers = buffers;
    }

    private ServletOutputStream target() {
        return !listened && buffers.getAsBoolean() ? buffered : container;
    }

    /** Whether the application has a write listener of its own at the container's output. */
    boolean isListened() {
        return listened;
    }

    @Override
    public void write(int b) throws IOException {
        target().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        target().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        target().flush();
    }

    @Override
    public void close() throws IOException {
        target().close();
    }

    @Override
    public boolean isReady() {
        return current().isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        ServletOutputStream current = current();
        listened = current == container;
        current.setWriteListener(listener);
    }

    /** Without a write the stream does not become ours: it may be about to get a listener. */
    private ServletOutputStream current() {
        return buffered.isInUse() ? buffered : container;
    }
}
