package io.github.difyjakarta.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Makes every {@code text/event-stream} of a web application pass through proxies and containers unbuffered, by the headers
 * {@code X-Accel-Buffering: no}, {@code Cache-Control: no-cache, no-transform} and {@code Content-Encoding: identity}, and
 * never a {@code Content-Length}. Responses of any other type are not touched. Whoever asks for it also gets an output that
 * never blocks: {@link EventStreamOutput}.
 *
 * <p>Registered by the JAR itself; to do it in {@code web.xml} instead (the order of filters is then yours), map this class
 * with {@code <async-supported>true</async-supported>} and the dispatchers REQUEST, FORWARD and ASYNC. Thread-safe.
 */
public final class StreamingFilter implements Filter {

    private static final System.Logger LOG = System.getLogger(StreamingFilter.class.getName());

    private final LazyTimer timer = new LazyTimer("dify-streaming");

    /** For the container. */
    public StreamingFilter() {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse httpResponse)
                || isWrapped(request)) {
            chain.doFilter(request, response);
            return;
        }
        StreamingRequest wrapped = new StreamingRequest(http, httpResponse, timer);
        try {
            chain.doFilter(wrapped, wrapped.response());
        } catch (IOException | ServletException | RuntimeException e) {
            if (!wrapped.isEngaged()) {
                throw e;
            }
            // The container's error page would go to the very response whose head the stream holds.
            System.Logger.Level level = wrapped.chainFailed() ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG;
            LOG.log(level, "The resource behind an event stream has failed", e);
        } finally {
            wrapped.chainReturned();
        }
    }

    /** A forwarded or dispatched request may have passed us before. */
    private static boolean isWrapped(ServletRequest request) {
        return request instanceof StreamingRequest
                || (request instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(StreamingRequest.class));
    }

    @Override
    public void destroy() {
        timer.close();
    }
}
