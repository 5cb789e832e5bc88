package io.github.difyjakarta.client;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to Dify and back: the only class that knows Apache HttpClient. One request is sent once, as it is: no redirect is
 * followed (it would carry the key elsewhere), nothing is repeated, no cookie kept, nothing inflated.
 *
 * <p>Thread-safe. {@link Handler}s are called on an I/O thread, one call at a time.
 */
final class HttpTransport implements AutoCloseable {
    /**
     * A connection idle for longer is not used again. Dify's own server closes after 2 s, and a request that meets the close
     * cannot be repeated, since it may have started a run.
     */
    private static final Duration MAX_IDLE = Duration.ofMillis(1500);

    private static final int MAX_HEADER_COUNT = 200;
    private static final int MAX_HEADER_LINE = 64 * 1024;

    /** What happens to one request. {@code onFailure} ends it at any point, {@code onEnd} after the body. */
    interface Handler {
        /** Called first, before anything is on its way. */
        void onExchange(Exchange exchange);

        /** The connection stands; from now on the peer may have seen the request. */
        void onSending();

        /** The request is out. */
        void onSent();

        void onHead(Head head);

        /** The bytes are only valid during the call. */
        void onBody(ByteBuffer bytes);

        void onEnd();

        /**
         * @param refused the peer said, by its protocol, that it did not look at the request
         */
        void onFailure(Exception cause, boolean refused);
    }

    /**
     * @param body empty for none
     */
    record Call(String method, URI uri, Map<String, String> headers, byte[] body, Duration connectTimeout) {}

    /**
     * @param headers by lower-case name, the first of each
     */
    record Head(int status, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** A request on its way. */
    static final class Exchange {
        private final Guarded guarded;
        private final Consumer consumer;
        private final AtomicReference<@Nullable Future<?>> future = new AtomicReference<>();

        private Exchange(Guarded guarded, Consumer consumer) {
            this.guarded = guarded;
            this.consumer = consumer;
        }

        /** Lets the peer send so many bytes more. */
        void read(int bytes) {
            consumer.read(bytes);
        }

        /**
         * Ends it and its connection; the handler hears nothing more that matters. While the connection is being made nothing
         * is done, since what is cancelled then is forgotten and stays open: it ends when it stands, before anything is sent.
         */
        void cancel() {
            if (!guarded.silence()) {
                return;
            }
            Future<?> sent = future.get();
            if (sent != null) {
                sent.cancel(true);
            }
            AsyncExecRuntime runtime = guarded.runtime;
            if (runtime != null) {
                // The future forgets its connection when that stood before the call that asked for it had returned.
                runtime.discardEndpoint();
            }
        }

        private void sent(Future<?> result) {
            future.set(result);
            if (!guarded.isOpen()) {
                cancel(); // it was cancelled, or has ended, before there was anything to cancel
            }
        }
    }

    private final CloseableHttpAsyncClient http;
    private final PoolingAsyncClientConnectionManager connections;
    private final ScheduledExecutorService scheduler;
    private final AtomicBoolean cleaning = new AtomicBoolean();

    HttpTransport(ScheduledExecutorService scheduler) {
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
                        .build())
                .setIoSessionDecorator(LateEnd::of)
                .setThreadFactory(new DefaultThreadFactory("dify-http", true))
                .setUserAgent("dify-jakarta")
                .addExecInterceptorFirst("dify-runtime", (request, entity, scope, chain, callback) -> {
                    if (scope.clientContext.getAttribute(Guarded.class.getName()) instanceof Guarded guarded) {
                        guarded.runtime = scope.execRuntime;
                    }
                    chain.proceed(request, entity, scope, callback);
                })
                // Runs when the connection stands and the request is about to go out, unlike the producer's
                // sendRequest.
                .addRequestInterceptorLast((request, entity, context) -> {
                    if (context.getAttribute(Guarded.class.getName()) instanceof Guarded guarded) {
                        guarded.send(entity == null);
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
    void send(Call call, Handler handler) {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(requestConfig(call.connectTimeout()));
        Guarded guarded = new Guarded(handler);
        context.setAttribute(Guarded.class.getName(), guarded);
        Consumer consumer = new Consumer(guarded);
        Exchange exchange = new Exchange(guarded, consumer);
        handler.onExchange(exchange);
        exchange.sent(http.execute(new Producer(call, guarded), consumer, context, new FutureCallback<Void>() {
            @Override
            public void completed(Void result) {
                // The consumer tells the handler, once the connection is back in the pool.
                cleanSoon();
            }

            @Override
            public void failed(Exception cause) {
                guarded.fail(cause);
                cleanSoon();
            }

            @Override
            public void cancelled() {
                guarded.fail(new IOException("cancelled"));
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

    /** Passes on one end at most, and none once silenced. */
    private static final class Guarded {
        private final Handler handler;
        private volatile @Nullable AsyncExecRuntime runtime;

        // Guarded by this:
        private boolean ended;
        private boolean sending;

        Guarded(Handler handler) {
            this.handler = handler;
        }

        /** The connection stands and the request is about to go out. */
        void send(boolean whole) throws IOException {
            synchronized (this) {
                if (ended) {
                    throw new ConnectionClosedException("cancelled before it was sent");
                }
                sending = true;
            }
            handler.onSending();
            if (whole) {
                handler.onSent();
            }
        }

        void fail(Exception cause) {
            if (end()) {
                boolean refused = cause instanceof H2StreamResetException reset
                        && reset.getCode() == H2Error.REFUSED_STREAM.getCode();
                handler.onFailure(cause, refused);
            }
        }

        void complete() {
            if (end()) {
                handler.onEnd();
            }
        }

        private synchronized boolean end() {
            boolean first = !ended;
            ended = true;
            return first;
        }

        /** Nothing more is passed on; tells whether there may be a connection to end. */
        synchronized boolean silence() {
            ended = true;
            return sending;
        }

        synchronized boolean isOpen() {
            return !ended;
        }
    }

    private static final class Producer implements AsyncRequestProducer {
        private final Call call;
        private final Guarded guarded;
        private final ByteBuffer body;

        Producer(Call call, Guarded guarded) {
            this.call = call;
            this.guarded = guarded;
            this.body = ByteBuffer.wrap(call.body());
        }

        @Override
        public void sendRequest(RequestChannel channel, HttpContext context)
                throws org.apache.hc.core5.http.HttpException, IOException {
            HttpRequest request = new BasicHttpRequest(call.method(), call.uri());
            call.headers().forEach(request::setHeader);
            EntityDetails entity =
                    body.hasRemaining() ? new BasicEntityDetails(body.remaining(), ContentType.APPLICATION_JSON) : null;
            channel.sendRequest(request, entity, context);
        }

        @Override
        public int available() {
            return body.remaining();
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            channel.write(body);
            if (!body.hasRemaining()) {
                channel.endStream();
                guarded.handler.onSent();
            }
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void failed(Exception cause) {
            guarded.fail(cause);
        }

        @Override
        public void releaseResources() {
            // nothing but memory
        }
    }

    private static final class Consumer implements AsyncResponseConsumer<Void> {
        private final Guarded guarded;
        private @Nullable FutureCallback<Void> callback;
        private boolean streamEnded;

        // Guarded by this:
        private @Nullable CapacityChannel capacity;
        /** Granted before there was a channel to grant it by: the first bytes come with the head. */
        private int owed;

        Consumer(Guarded guarded) {
            this.guarded = guarded;
        }

        void read(int bytes) {
            CapacityChannel channel;
            int granted;
            synchronized (this) {
                owed += bytes;
                channel = capacity;
                granted = channel == null ? 0 : owed;
                owed -= granted;
            }
            if (channel != null && granted > 0) {
                try {
                    channel.update(granted);
                } catch (IOException e) {
                    guarded.fail(e);
                }
            }
        }

        @Override
        public void consumeResponse(
                HttpResponse response,
                @Nullable EntityDetails entity,
                HttpContext context,
                FutureCallback<Void> resultCallback) {
            callback = resultCallback;
            Map<String, String> headers = new HashMap<>();
            for (Header header : response.getHeaders()) {
                headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
            }
            if (guarded.isOpen()) {
                guarded.handler.onHead(new Head(response.getCode(), headers));
            }
            if (entity == null) {
                streamEnd(List.of());
            }
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {
            // 100 and 103 say nothing that matters here
        }

        @Override
        public void updateCapacity(CapacityChannel channel) {
            synchronized (this) {
                capacity = channel;
            }
            read(0);
        }

        @Override
        public void consume(ByteBuffer bytes) throws IOException {
            if (guarded.isOpen()) {
                guarded.handler.onBody(bytes);
            }
            if (!guarded.isOpen()) {
                // Cancelled, perhaps just now by the handler: cancelling the future does nothing from inside this call.
                throw new ConnectionClosedException("nobody reads this any more");
            }
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) {
            streamEnded = true;
            if (callback != null) {
                callback.completed(null);
            }
        }

        @Override
        public void failed(Exception cause) {
            guarded.fail(cause);
        }

        /** The last that is called; after a good end the connection has gone back to the pool before. */
        @Override
        public void releaseResources() {
            if (streamEnded) {
                guarded.complete();
            }
        }
    }
}
