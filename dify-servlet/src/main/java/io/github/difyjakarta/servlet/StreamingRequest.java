package io.github.difyjakarta.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request as the application sees it: it knows its {@link EventStreamOutput}, and its asynchronous context is one whose
 * {@code complete} waits for what is still to be sent.
 */
final class StreamingRequest extends HttpServletRequestWrapper {

    /** Answered by this wrapper alone: no attribute of the container, so no listener of the application hears of it. */
    static final String OUTPUT = EventStreamOutput.class.getName();

    private final StreamingResponse response;
    private final ServletExchange exchange;
    private final EventStream stream;
    private volatile @Nullable AsyncContext async;

    StreamingRequest(HttpServletRequest request, HttpServletResponse response, Timer timer, HostStreams hosts) {
        super(request);
        this.exchange = new ServletExchange(request, response);
        this.stream = new EventStream(exchange, timer, System::nanoTime, Inflow.MAX_PENDING);
        this.response = new StreamingResponse(response, stream, hosts);
        exchange.serve(stream, this.response);
    }

    /** Ours, if the request has passed us before: by a forward, or by a dispatch. */
    static Optional<StreamingRequest> around(ServletRequest request) {
        ServletRequest inner = request;
        while (!(inner instanceof StreamingRequest) && inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof StreamingRequest passed ? Optional.of(passed) : Optional.empty();
    }

    StreamingResponse response() {
        return response;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return OUTPUT.equals(name) ? stream : super.getAttribute(name);
    }

    @Override
    public AsyncContext startAsync() {
        return started(super.startAsync(), this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest suppliedRequest, ServletResponse suppliedResponse) {
        return started(super.startAsync(suppliedRequest, suppliedResponse), suppliedRequest, suppliedResponse);
    }

    private AsyncContext started(AsyncContext real, ServletRequest suppliedRequest, ServletResponse suppliedResponse) {
        AsyncContext wrapped = new StreamingAsyncContext(real, suppliedRequest, suppliedResponse, this, stream);
        async = wrapped;
        exchange.asyncStarted(real);
        return wrapped;
    }

    @Override
    public AsyncContext getAsyncContext() {
        AsyncContext real = super.getAsyncContext(); // throws if there is none
        return async == null ? real : async;
    }

    /** Whether the response is ours. */
    boolean isEngaged() {
        return stream.isEngaged();
    }

    /** To be called when the filter chain has thrown and the stream is engaged, before {@link #chainReturned}. */
    boolean chainFailed() {
        return stream.chainFailed();
    }

    /** The application goes on in a dispatched request, which containers serve without our listener: the output is theirs. */
    void dispatch(Runnable dispatch) {
        exchange.dispatched();
        if (stream.isAdopted()) {
            stream.dispatch(dispatch);
        } else {
            dispatch.run();
        }
    }

    /** To be called when the filter chain has returned without an exception. */
    void flushIfSynchronous() {
        if (async == null) {
            response.flushWriter();
        }
    }

    /** To be called when the filter chain has returned, in whatever way. */
    void chainReturned() {
        exchange.chainReturned();
        if (!stream.isEngaged()) {
            return;
        }
        if (async == null && !stream.isClosed()) {
            startAsync(); // the framework has answered synchronously; the held answer goes out all the same
            stream.completedByFramework();
        }
        stream.chainReturned();
    }
}
