package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: passes what happens on to its handler, at most one end of it, and nothing once it is cancelled.
 * Thread-safe.
 */
public final class HttpExchange {
    private static final System.Logger LOGGER = System.getLogger(HttpExchange.class.getName());

    /** Under which the library's context knows it. */
    static final String KEY = HttpExchange.class.getName();

    private final HttpTransport.Handler handler;
    private final ResponseConsumer consumer = new ResponseConsumer(this);
    private volatile @Nullable Future<?> future;
    private volatile @Nullable AsyncExecRuntime runtime;

    // Guarded by this:
    private boolean ended;
    private boolean sending;

    HttpExchange(HttpTransport.Handler handler) {
        this.handler = handler;
    }

    HttpTransport.Handler handler() {
        return handler;
    }

    ResponseConsumer consumer() {
        return consumer;
    }

    /** Lets the peer send so many bytes more. */
    public void read(int bytes) {
        if (isOpen()) {
            consumer.read(bytes);
        }
    }

    /**
     * Ends it and its connection; the handler hears nothing more. While the connection is being made nothing is done, since
     * what is cancelled then is forgotten and stays open: it ends when it stands, before anything is sent.
     */
    public void cancel() {
        synchronized (this) {
            ended = true;
            if (!sending) {
                return;
            }
        }
        Future<?> sent = future;
        if (sent != null) {
            sent.cancel(true);
        }
        AsyncExecRuntime connected = runtime;
        if (connected != null) {
            // The future forgets its connection when that stood before the call that asked for it had returned.
            connected.discardEndpoint();
        }
    }

    // ---- for the transport

    void sent(Future<?> result) {
        future = result;
        if (!isOpen()) {
            cancel(); // it was cancelled, or has ended, before there was anything to cancel
        }
    }

    void runsOn(AsyncExecRuntime connection) {
        runtime = connection;
    }

    /**
     * The connection stands and the request is about to go out.
     *
     * @param whole whether the head is all of it
     * @throws ConnectionClosedException when it was cancelled meanwhile, so that it does not go out
     */
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
            tell(() -> handler.onFailure(cause, refused));
        }
    }

    void pause() {
        if (isOpen() && !tell(handler::onPause)) {
            fail(new IOException("a defect of our own"));
            cancel();
        }
    }

    void complete() {
        if (end()) {
            tell(handler::onEnd);
        }
    }

    /**
     * Where the library does not expect to be thrown at: it would give up its threads, and with them all other exchanges.
     *
     * @return false if the handler has thrown
     */
    private static boolean tell(Runnable signal) {
        try {
            signal.run();
            return true;
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "What came of a request to Dify could not be dealt with", e);
            return false;
        }
    }

    private synchronized boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /** The request is on its way, or was. */
    synchronized boolean isSending() {
        return sending;
    }

    synchronized boolean isOpen() {
        return !ended;
    }
}
