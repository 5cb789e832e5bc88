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
    private @Nullable Listener listener;
    private volatile boolean cutOff;
    private volatile boolean chainReturned;
    private volatile boolean dispatched;
    private volatile Optional<GrizzlyConnection> grizzly = Optional.empty();

    ServletExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    void serve(EventStream servedStream, StreamingResponse servedResponse) {
        stream = servedStream;
        wrapped = servedResponse;
        listener = new Listener(this, servedStream);
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
        listenToOurOwn();
    }

    /**
     * The application has made the request asynchronous, before or after {@link #takeOver}. Listeners are added now or never:
     * no container takes one when the request's own thread has left, and until something is ours they do nothing.
     */
    void asyncStarted(AsyncContext context) {
        async = context;
        context.addListener(served(listener));
        if (served(stream).isEngaged()) {
            listenToOurOwn();
        }
    }

    private void listenToOurOwn() {
        AsyncContext context = async;
        if (context != null && output == null) {
            context.setTimeout(0); // streams have deadlines of their own; the container's 30 s would cut them
            listen();
            grizzly.ifPresent(connection -> connection.onPeerGone(served(listener)::peerGone));
        }
    }

    /**
     * The application's code has left the request's own thread. As long as it is there, containers may leave a write listener
     * without a call, and what is written would not get on.
     */
    void chainReturned() {
        chainReturned = true;
    }

    /** The application goes on in a dispatched request. */
    void dispatched() {
        dispatched = true;
    }

    @Override
    public boolean isAsync() {
        return async != null && chainReturned && !dispatched && request.isAsyncStarted();
    }

    /** The peer is not watched: a host application's clients may end their own direction, and live. */
    @Override
    public void follow() {
        listen();
    }

    @Override
    public void letGo() {
        grizzly.ifPresent(GrizzlyConnection::release);
    }

    private void listen() {
        grizzly = GrizzlyConnection.of(request);
        grizzly.ifPresent(GrizzlyConnection::takeOnlyWhatThePeerReads);
        grizzly.ifPresent(GrizzlyConnection::useSmallBuffers);
        try {
            ServletOutputStream taken = response.getOutputStream();
            output = taken;
            taken.setWriteListener(served(listener));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            output = null;
            grizzly.ifPresent(GrizzlyConnection::release);
            throw e;
        }
    }

    @Override
    public void head(Head head) {
        if (head.tellsLength()) {
            // The peer knows by itself when it has all, and may send its next request before this exchange is complete.
            grizzly.ifPresent(GrizzlyConnection::forgetPeer);
        }
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

    /**
     * Where the connection cannot be closed, a listener that throws makes the container close it, once the peer takes
     * something again; or the server's own time limit for a stalled peer does. To complete would feign a proper end.
     */
    @Override
    public void abort() {
        grizzly.ifPresent(GrizzlyConnection::terminate);
        ServletOutputStream taken = output;
        if (grizzly.isPresent() || taken == null || taken.isReady()) {
            complete();
        } else {
            cutOff = true;
        }
    }

    /** The container calls; what it is told decides whether the connection lives. */
    private void writePossible() throws IOException {
        if (cutOff) {
            throw new IOException("The event stream is cut off");
        }
        served(stream).writePossible();
    }

    private void failed(Throwable cause) {
        served(stream).failed(cause);
        if (cutOff) {
            complete();
        }
    }

    private static <T> T served(@Nullable T value) {
        return Objects.requireNonNull(value, "not attached yet");
    }

    private record Listener(ServletExchange exchange, EventStream stream) implements WriteListener, AsyncListener {

        void peerGone() {
            stream.failed(new IOException("The peer has closed the connection"));
        }

        @Override
        public void onWritePossible() throws IOException {
            exchange.writePossible();
        }

        @Override
        public void onError(Throwable cause) {
            exchange.failed(cause);
        }

        @Override
        public void onComplete(AsyncEvent event) {
            stream.failed(new IOException("The container has ended the exchange"));
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            stream.timedOut();
        }

        @Override
        public void onError(AsyncEvent event) {
            Throwable cause = event.getThrowable();
            exchange.failed(cause == null ? new IOException("The container reports an error") : cause);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // a dispatched request goes asynchronous again: it is not ours any more
        }
    }
}
