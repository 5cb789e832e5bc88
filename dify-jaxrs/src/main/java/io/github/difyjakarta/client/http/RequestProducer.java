package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** A request whose body is in memory. Confined to the connection's thread. */
final class RequestProducer implements AsyncRequestProducer {
    private final HttpTransport.Call call;
    private final HttpExchange exchange;
    private final ByteBuffer body;

    RequestProducer(HttpTransport.Call call, HttpExchange exchange) {
        this.call = call;
        this.exchange = exchange;
        this.body = ByteBuffer.wrap(call.body());
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        EntityDetails entity =
                body.hasRemaining() ? new BasicEntityDetails(body.remaining(), ContentType.APPLICATION_JSON) : null;
        channel.sendRequest(head(call), entity, context);
    }

    /** The request without its body. */
    static HttpRequest head(HttpTransport.Call call) {
        HttpRequest request = new BasicHttpRequest(call.method(), call.uri());
        call.headers().forEach(request::setHeader);
        return request;
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
            exchange.handler().onSent();
        }
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void failed(Exception cause) {
        exchange.fail(cause);
    }

    @Override
    public void releaseResources() {
        // nothing but memory
    }
}
