package io.github.difyjakarta.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Servlet API's side of an event stream: an asynchronous context, and an output with a write listener. */
final class ServletExchange implements Exchange {

    private static final System.Logger LOG = System.getLogger(ServletExchange.class.getName());

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private @Nullable EventStream stream;
    private @Nullable StreamingResponse wrapped;
    private volatile @Nullable AsyncContext async;
    private volatile @Nullable ServletOutputStream output;
    private volatile Optional<GrizzlyConnection> grizzly = Optional.empty();

    ServletExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    void serve(EventStream servedStream, StreamingResponse servedResponse) {
        stream = servedStream;
        wrapped = servedResponse;
    }

    @Override
    public void takeOver() {
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException("This request cannot be asynchronous: a filter or servlet on its way lacks"
                    + " async-supported=true (a filter in web.xml needs <async-supported>true</async-supported>, an"
                    + " annotated one asyncSupported = true). Its path is " + request.getRequestURI());
        }
        if (served(wrapped).outputTaken() || response.isCommitted()) {
            throw new IllegalStateException(
                    "The output of this response is in use already: hold() must come before the first byte");
        }
        listen();
    }

    /** The application has made the request asynchronous, before or after {@link #takeOver}. */
    void asyncStarted(AsyncContext context) {
        async = context;
        if (served(stream).isEngaged()) {
            listen();
        }
    }

    private void listen() {
        AsyncContext context = async;
        if (context == null || output != null) {
            return;
        }
        grizzly = GrizzlyConnection.of(request);
        grizzly.ifPresent(GrizzlyConnection::takeOnlyWhatThePeerReads);
        grizzly.ifPresent(GrizzlyConnection::useSmallBuffers);
        Listener listener = new Listener(served(stream));
        try {
            context.setTimeout(0); // streams have deadlines of their own; the container's 30 s would cut them
            context.addListener(listener);
            ServletOutputStream taken = response.getOutputStream();
            output = taken;
            taken.setWriteListener(listener);
            grizzly.ifPresent(connection -> connection.onPeerGone(listener::peerGone));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void head(Head head) {
        head.applyTo(response);
    }

    @Override
    public boolean isReady() {
        return output().isReady();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        output().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        output().flush();
    }

    private ServletOutputStream output() {
        return served(output);
    }

    @Override
    public void complete() {
        AsyncContext context = async;
        if (context == null) {
            return;
        }
        grizzly.ifPresent(GrizzlyConnection::release);
        try {
            context.complete();
        } catch (RuntimeException e) {
            // IllegalStateException by the specification; Tomcat throws a NullPointerException after a failed write.
            LOG.log(System.Logger.Level.DEBUG, "The container has ended this exchange already", e);
        }
    }

    @Override
    public void abort() {
        // Where the connection cannot be closed, the server's own time limit for a stalled peer ends it.
        grizzly.ifPresent(GrizzlyConnection::terminate);
        complete();
    }

    private static <T> T served(@Nullable T value) {
        return Objects.requireNonNull(value, "not attached yet");
    }

    private record Listener(EventStream stream) implements WriteListener, AsyncListener {

        void peerGone() {
            stream.failed(new IOException("The peer has closed the connection"));
        }

        @Override
        public void onWritePossible() {
            stream.writePossible();
        }

        @Override
        public void onError(Throwable cause) {
            stream.failed(cause);
        }

        @Override
        public void onComplete(AsyncEvent event) {
            stream.failed(new IOException("The container has ended the exchange"));
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            stream.failed(new IOException("The container's time limit for asynchronous requests is over"));
        }

        @Override
        public void onError(AsyncEvent event) {
            Throwable cause = event.getThrowable();
            stream.failed(cause == null ? new IOException("The container reports an error") : cause);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // a dispatched request goes asynchronous again: not while a stream is engaged
        }
    }
}
