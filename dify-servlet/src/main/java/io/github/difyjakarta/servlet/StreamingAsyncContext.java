package io.github.difyjakarta.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/** An asynchronous context that shows the application our wrappers, and whose completion waits for an engaged stream. */
final class StreamingAsyncContext implements AsyncContext {

    private final AsyncContext context;
    private final ServletRequest request;
    private final ServletResponse response;
    private final StreamingRequest streaming;
    private final EventStream stream;

    StreamingAsyncContext(
            AsyncContext context,
            ServletRequest request,
            ServletResponse response,
            StreamingRequest streaming,
            EventStream stream) {
        this.context = context;
        this.request = request;
        this.response = response;
        this.streaming = streaming;
        this.stream = stream;
    }

    @Override
    public ServletRequest getRequest() {
        return request;
    }

    @Override
    public ServletResponse getResponse() {
        return response;
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        streaming.dispatch(() -> context.dispatch());
    }

    @Override
    public void dispatch(String path) {
        streaming.dispatch(() -> context.dispatch(path));
    }

    @Override
    public void dispatch(ServletContext servletContext, String path) {
        streaming.dispatch(() -> context.dispatch(servletContext, path));
    }

    @Override
    public void complete() {
        streaming.response().flushWriter();
        if (stream.isEngaged()) {
            stream.completedByFramework();
        } else {
            context.complete();
        }
    }

    @Override
    public void start(Runnable run) {
        context.start(run);
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(listener);
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest suppliedRequest, ServletResponse suppliedResponse) {
        context.addListener(listener, suppliedRequest, suppliedResponse);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    /** A stream with an owner has no time limit of the container's. */
    @Override
    public void setTimeout(long millis) {
        if (!stream.isEngaged() || stream.isAdopted()) {
            context.setTimeout(millis);
        }
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }
}
