package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Bytes to Dify and back. One request is sent once, as it is: no redirect is
 * followed (it would carry the key elsewhere), nothing is repeated, no cookie kept, nothing inflated.
 *
 * <p>Thread-safe. {@link Handler}s are called on an I/O thread, one call at a time.
 */
public final class HttpTransport implements AutoCloseable {
    /**
     * A connection idle for longer is not used again. Dify's own server closes after 2 s, and a request that meets the close
     * cannot be repeated, since it may have started a run.
     */
    private static final Duration MAX_IDLE = Duration.ofMillis(1500);

    private static final int MAX_HEADER_COUNT = 200;
    private static final int MAX_HEADER_LINE = 64 * 1024;

    /** Each connection has three such buffers; what it reads comes through its thread's, and a long head makes them grow. */
    private static final int BUFFER_BYTES = 1024;

    /** What may come before the handler has asked for more: two turns, so that asking after each never halts a stream. */
    public static final int WINDOW_BYTES = 128 * 1024;

    /** What happens to one request. {@code onFailure} ends it at any point, {@code onEnd} after the body. */
    public interface Handler {
        /** Called first, before anything is on its way. */
        void onExchange(HttpExchange exchange);

        /** The connection stands; from now on the peer may have seen the request. */
        void onSending();

        /** The request is out. */
        void onSent();

        void onHead(Head head);

        /** The bytes are only valid during the call. */
        void onBody(ByteBuffer bytes);

        /** Nothing follows at once: the moment to pass on, in one go, what came since the last pause. */
        void onPause();

        void onEnd();

        /**
         * @param refused the peer said, by its protocol, that it did not look at the request
         */
        void onFailure(Exception cause, boolean refused);
    }

    /**
     * @param body empty for none
     */
    public record Call(String method, URI uri, Map<String, String> headers, byte[] body, Duration connectTimeout) {}

    /**
     * @param headers by lower-case name, the first of each
     */
    public record Head(int status, Map<String, String> headers) {
        /** The first header of that lower-case name; empty where there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final CloseableHttpAsyncClient http;
    private final PoolingAsyncClientConnectionManager connections;
    private final ScheduledExecutorService scheduler;
    private final AtomicBoolean cleaning = new AtomicBoolean();

    /**
     * @param scheduler for tidying up; its tasks are short
     */
    public HttpTransport(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
        this.connections = PoolingAsyncClientConnectionManagerBuilder.create()
                // How many there may be is decided per app, where waiting has a deadline.
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setIdleTimeout(Timeout.of(MAX_IDLE))
                        .build())
                .build();
        this.http = HttpAsyncClients.custom()
                .setConnectionManager(connections)
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(Math.min(4, Runtime.getRuntime().availableProcessors()))
                        .setTcpNoDelay(true)
                        .build())
                .setHttp1Config(Http1Config.custom()
                        .setMaxHeaderCount(MAX_HEADER_COUNT)
                        .setMaxLineLength(MAX_HEADER_LINE)
                        .setBufferSize(BUFFER_BYTES)
                        .setInitialWindowSize(WINDOW_BYTES)
                        .build())
                .setIoSessionDecorator(TurnSession::of)
                .setThreadFactory(IoThread.factory("dify-http"))
                .setUserAgent("dify-jakarta")
                .addExecInterceptorFirst("dify-runtime", (request, entity, scope, chain, callback) -> {
                    if (scope.clientContext.getAttribute(HttpExchange.KEY) instanceof HttpExchange exchange) {
                        exchange.runsOn(scope.execRuntime);
                    }
                    chain.proceed(request, entity, scope, callback);
                })
                // Runs when the connection stands and the request is about to go out, unlike the producer's
                // sendRequest.
                .addRequestInterceptorLast((request, entity, context) -> {
                    if (context.getAttribute(HttpExchange.KEY) instanceof HttpExchange exchange) {
                        exchange.send(entity == null);
                    }
                })
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .build();
        http.start();
    }

    /** Sends a request; all that follows goes to the handler, some of it perhaps before this returns. */
    public void send(Call call, Handler handler) {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(requestConfig(call.connectTimeout()));
        HttpExchange exchange = new HttpExchange(handler);
        context.setAttribute(HttpExchange.KEY, exchange);
        handler.onExchange(exchange);
        RequestProducer producer = new RequestProducer(call, exchange);
        exchange.sent(http.execute(producer, exchange.consumer(), context, new FutureCallback<Void>() {
            @Override
            public void completed(Void result) {
                // The consumer tells the handler, once the connection is back in the pool.
                cleanSoon();
            }

            @Override
            public void failed(Exception cause) {
                exchange.fail(cause);
                cleanSoon();
            }

            @Override
            public void cancelled() {
                exchange.fail(new IOException("cancelled"));
                cleanSoon();
            }
        }));
    }

    @SuppressWarnings("deprecation") // the connect timeout belongs to the app, the connection manager to all of them
    private static RequestConfig requestConfig(Duration connectTimeout) {
        return RequestConfig.custom()
                .setConnectTimeout(Timeout.of(connectTimeout))
                .setConnectionRequestTimeout(Timeout.DISABLED)
                .setResponseTimeout(Timeout.DISABLED)
                .setAuthenticationEnabled(false)
                .setContentCompressionEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .setHardCancellationEnabled(true)
                .build();
    }

    /** Idle connections are closed soon after they went idle, so that none is left when nothing runs. */
    private void cleanSoon() {
        if (cleaning.compareAndSet(false, true)) {
            scheduler.schedule(this::clean, MAX_IDLE.toMillis() + 100, TimeUnit.MILLISECONDS);
        }
    }

    private void clean() {
        cleaning.set(false);
        connections.closeIdle(TimeValue.of(MAX_IDLE));
        if (connections.getTotalStats().getAvailable() > 0) {
            cleanSoon();
        }
    }

    /** Ends all connections and threads. */
    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
