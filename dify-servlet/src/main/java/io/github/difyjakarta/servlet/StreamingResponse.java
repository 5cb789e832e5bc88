package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The response as the application sees it. From the moment on in which the stream is engaged, because somebody has asked for
 * a hold or because the host application writes an event stream asynchronously, bytes go to the stream's buffer.
 */
final class StreamingResponse extends HeldHeadResponse {

    private final EventStream stream;
    private final HostStreams hosts;
    private @Nullable EventStreamBody body;
    private volatile @Nullable HostBody hostBody;
    private volatile @Nullable PrintWriter writer;
    private boolean outputTaken;
    private volatile boolean leftToContainer;

    StreamingResponse(HttpServletResponse response, EventStream stream, HostStreams hosts) {
        super(response, stream);
        this.stream = stream;
        this.hosts = hosts;
        this.leftToContainer = !hosts.nonBlocking();
    }

    /** Whether somebody already has the container's own output, so that ours would come too late. */
    boolean outputTaken() {
        return outputTaken;
    }

    // ---- whose the output is

    /** Whether what is written now goes to the stream's buffer; from the first time on it always does. */
    private boolean buffers() {
        if (stream.isEngaged()) {
            return true;
        }
        if (leftToContainer || stream.isAdopted() || !isEventStream() || !stream.isAsync()) {
            return false;
        }
        Head head = new Head();
        head.contentType(super.getContentType());
        leftToContainer = !stream.adopt(head, super.isCommitted(), hosts.bufferBytes());
        return !leftToContainer;
    }

    private boolean isFollowed() {
        return hostBody != null || (!outputTaken && !leftToContainer && isEventStream());
    }

    private HostBody hostBody() throws IOException {
        HostBody followed = hostBody;
        if (followed == null) {
            outputTaken = true;
            followed = new HostBody(super.getOutputStream(), new EventStreamBody(stream), this::buffers);
            hostBody = followed;
        }
        return followed;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (isFollowed() && (hostBody != null || !stream.isEngaged())) {
            return hostBody();
        }
        if (!stream.isEngaged()) {
            outputTaken = true;
            return super.getOutputStream();
        }
        if (body == null) {
            body = new EventStreamBody(stream);
        }
        return body;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter current = writer;
        if (current != null) {
            return current;
        }
        if (stream.isEngaged()) {
            current = new PrintWriter(new OutputStreamWriter(getOutputStream(), StandardCharsets.UTF_8));
        } else if (hostBody != null) {
            throw new IllegalStateException("getOutputStream() has been called for this response");
        } else if (isFollowed()) {
            String encoding = super.getCharacterEncoding();
            super.setCharacterEncoding(encoding); // the head names it, as it does for a writer of the container's
            current = new PrintWriter(new OutputStreamWriter(hostBody(), encoding));
        } else {
            outputTaken = true;
            return super.getWriter();
        }
        writer = current;
        return current;
    }

    /** Passes on what a writer of ours still has; one of the container's looks after itself. */
    void flushWriter() {
        PrintWriter current = writer;
        if (current != null) {
            current.flush();
        }
    }

    // ---- commitment

    @Override
    public boolean isCommitted() {
        return stream.isEngaged() ? !stream.isHeld() : super.isCommitted();
    }

    @Override
    public void reset() {
        if (stream.isEngaged()) {
            mustBeHeld();
            stream.change(answer -> answer.reset(true));
        } else {
            super.reset();
            outputTaken = false;
            hostBody = null;
            writer = null;
        }
    }

    @Override
    public void resetBuffer() {
        if (stream.isEngaged()) {
            mustBeHeld();
            stream.change(answer -> answer.reset(false));
        } else {
            super.resetBuffer();
        }
    }

    @Override
    public void flushBuffer() throws IOException {
        flushWriter();
        HostBody followed = hostBody;
        if (stream.isEngaged()) {
            stream.flush();
        } else if (followed != null && !followed.isListened() && buffers()) {
            stream.flush();
        } else {
            super.flushBuffer();
        }
    }

    @Override
    public void setBufferSize(int size) {
        if (!stream.isEngaged()) {
            super.setBufferSize(size);
        }
    }
}
