package io.github.difyjakarta.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes every {@code text/event-stream} of a web application pass through proxies and containers unbuffered, by the headers
 * {@code X-Accel-Buffering: no}, {@code Cache-Control: no-cache, no-transform} and {@code Content-Encoding: identity}, and
 * never a {@code Content-Length}. Responses of any other type are not touched. One that the application writes
 * asynchronously, for instance by {@code SseEventSink} or {@code SseBroadcaster}, never blocks the thread that writes: what a
 * slow reader has not taken waits in a buffer, and a reader that is too slow is cut off. Whoever asks for it also gets an
 * output of its own, {@link EventStreamOutput}.
 *
 * <p>Settings: {@code dify.streaming.non-blocking} (true) and {@code dify.streaming.buffer-bytes} (1 MiB).
 *
 * <p>Registered by the JAR itself; to do it in {@code web.xml} instead (the order of filters is then yours), map this class
 * with {@code <async-supported>true</async-supported>} and the dispatchers REQUEST, FORWARD and ASYNC. Thread-safe.
 */
public final class StreamingFilter implements Filter {

    private static final System.Logger LOG = System.getLogger(StreamingFilter.class.getName());

    private final LazyTimer timer = new LazyTimer("dify-streaming");
    private @Nullable HostStreams hosts;

    /** For the container. */
    public StreamingFilter() {}

    /** With settings that were read already. */
    StreamingFilter(HostStreams hosts) {
        this.hosts = hosts;
    }

    @Override
    public void init(FilterConfig config) {
        if (hosts == null) {
            Settings.Problems problems = new Settings.Problems();
            hosts = HostStreams.from(Settings.lookup(config.getServletContext()), problems);
            problems.messages().forEach(problem -> LOG.log(System.Logger.Level.ERROR, problem));
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http) || !(response instanceof HttpServletResponse httpResponse)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<StreamingRequest> passed = StreamingRequest.around(request);
        if (passed.isEmpty()) {
            first(new StreamingRequest(http, httpResponse, timer, hosts == null ? HostStreams.DEFAULTS : hosts), chain);
        } else {
            chain.doFilter(request, response);
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                passed.get().response().flushWriter();
            }
        }
    }

    private static void first(StreamingRequest request, FilterChain chain) throws IOException, ServletException {
        try {
            chain.doFilter(request, request.response());
            request.flushIfSynchronous();
        } catch (IOException | ServletException | RuntimeException e) {
            if (!isSwallowed(request, e)) {
                throw e;
            }
        } finally {
            request.chainReturned();
        }
    }

    /** The container's error page would go to the very response whose head or bytes the stream has. */
    private static boolean isSwallowed(StreamingRequest request, Exception failure) {
        if (!request.isEngaged()) {
            return false;
        }
        System.Logger.Level level = request.chainFailed() ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG;
        LOG.log(level, "The resource behind an event stream has failed", failure);
        return true;
    }

    @Override
    public void destroy() {
        timer.close();
    }
}
