package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** A response, passed on as it comes. Confined to the connection's thread, but for {@link #read}. */
final class ResponseConsumer implements AsyncResponseConsumer<Void> {
    private final HttpExchange exchange;
    private @Nullable FutureCallback<Void> callback;
    private boolean streamEnded;

    // Guarded by this:
    private @Nullable CapacityChannel capacity;
    /** Granted before there was a channel to grant it by: the first bytes come with the head. */
    private int owed;

    ResponseConsumer(HttpExchange exchange) {
        this.exchange = exchange;
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
                exchange.fail(e);
            }
        }
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<Void> resultCallback)
            throws IOException {
        if (!exchange.isSending()) {
            throw new ProxyRefusedException(response.getCode());
        }
        callback = resultCallback;
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        if (exchange.isOpen()) {
            exchange.handler().onHead(new HttpTransport.Head(response.getCode(), headers));
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
        if (exchange.isOpen()) {
            IoThread thread = IoThread.current();
            if (thread != null) {
                thread.serves(exchange);
            }
            exchange.handler().onBody(bytes);
        }
        if (!exchange.isOpen()) {
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
        exchange.fail(cause);
    }

    /** The last that is called; after a good end the connection has gone back to the pool before. */
    @Override
    public void releaseResources() {
        if (streamEnded) {
            exchange.complete();
        }
    }
}
