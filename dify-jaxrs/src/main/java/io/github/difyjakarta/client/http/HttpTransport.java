package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * Bytes to Dify and back. One request is sent once, as it is: no redirect is
 * followed (it would carry the key elsewhere), nothing is repeated, no cookie kept, nothing inflated.
 *
 * <p>Thread-safe. {@link Handler}s are called on an I/O thread, one call at a time.
 */
public final class HttpTransport implements AutoCloseable {
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

        /** So many bytes of an upload are out. */
        default void onUploaded(int bytes) {}

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
     * By which way requests go.
     *
     * @param http2 whether it is used where a server of https speaks it
     * @param keepAlive how long an idle connection may be used again
     * @param tls whom to trust, and who we are; empty for the JDK's defaults
     * @param proxy its name or address, and its port
     * @param proxyLogin where the proxy asks for one
     */
    public record Settings(
            boolean http2,
            Duration keepAlive,
            Optional<SSLContext> tls,
            Optional<InetSocketAddress> proxy,
            Optional<PasswordAuthentication> proxyLogin) {
        /** The direct way, with the JDK's trust. */
        public static final Settings DEFAULTS =
                new Settings(true, Duration.ofMillis(1500), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * @param body empty for none
     * @param upload in place of a body that is in memory
     */
    public record Call(
            String method,
            URI uri,
            Map<String, String> headers,
            byte[] body,
            Optional<Upload> upload,
            Duration connectTimeout) {}

    /**
     * A body that is read while it is sent.
     *
     * @param before goes out before the source
     * @param after goes out behind it
     * @param reader where reading may block
     */
    public record Upload(byte[] before, UploadSource source, byte[] after, Executor reader) {
        /** Whether it can be sent once more after it has been sent in part. */
        public boolean isRepeatable() {
            return source.isRepeatable();
        }

        /** It will not be sent any more: closes what the source holds. */
        public void discard() {
            UploadProducer.close(reader, source::discard);
        }
    }

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
    private final IdleConnections idle;
    private final Optional<ProxyLogin> proxyLogin;

    /**
     * @param scheduler for tidying up; its tasks are short
     */
    public HttpTransport(Settings settings, ScheduledExecutorService scheduler) {
        Optional<HttpHost> proxy =
                settings.proxy().map(address -> new HttpHost(address.getHostString(), address.getPort()));
        this.proxyLogin = proxy.flatMap(host -> settings.proxyLogin().map(login -> new ProxyLogin(host, login)));
        ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
        settings.tls().ifPresent(tls::setSslContext);
        PoolingAsyncClientConnectionManager connections = PoolingAsyncClientConnectionManagerBuilder.create()
                // How many there may be is decided per app, where waiting has a deadline.
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .setTlsStrategy(tls.buildAsync())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(
                                settings.http2() ? HttpVersionPolicy.NEGOTIATE : HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setIdleTimeout(Timeout.of(settings.keepAlive()))
                        .build())
                .build();
        this.idle = new IdleConnections(connections, settings.keepAlive(), scheduler);
        HttpAsyncClientBuilder builder = HttpAsyncClients.custom();
        proxy.ifPresent(builder::setProxy);
        if (settings.keepAlive().isZero()) {
            builder.setConnectionReuseStrategy((request, response, context) -> false);
        }
        this.http = builder.setConnectionManager(connections)
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
        proxyLogin.ifPresent(login -> login.addTo(context));
        handler.onExchange(exchange);
        AsyncRequestProducer producer = call.upload()
                .<AsyncRequestProducer>map(upload -> new UploadProducer(call, upload, exchange))
                .orElseGet(() -> new RequestProducer(call, exchange));
        try {
            exchange.sent(http.execute(producer, exchange.consumer(), context, callback(exchange)));
        } catch (CancellationException e) {
            exchange.fail(e); // closed already
        }
    }

    private FutureCallback<Void> callback(HttpExchange exchange) {
        return new FutureCallback<>() {
            @Override
            public void completed(Void result) {
                // The consumer tells the handler, once the connection is back in the pool.
                idle.cleanSoon();
            }

            @Override
            public void failed(Exception cause) {
                exchange.fail(cause);
                idle.cleanSoon();
            }

            @Override
            public void cancelled() {
                exchange.fail(new IOException("cancelled"));
                idle.cleanSoon();
            }
        };
    }

    @SuppressWarnings("deprecation") // the connect timeout belongs to the app, the connection manager to all of them
    private RequestConfig requestConfig(Duration connectTimeout) {
        return RequestConfig.custom()
                .setConnectTimeout(Timeout.of(connectTimeout))
                .setConnectionRequestTimeout(Timeout.DISABLED)
                .setResponseTimeout(Timeout.DISABLED)
                // Only to the proxy: for Dify there are no credentials but its header.
                .setAuthenticationEnabled(proxyLogin.isPresent())
                .setContentCompressionEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .setHardCancellationEnabled(true)
                .build();
    }

    /** Ends all connections and threads. */
    @Override
    public void close() {
        idle.close();
        http.close(CloseMode.IMMEDIATE);
    }
}
