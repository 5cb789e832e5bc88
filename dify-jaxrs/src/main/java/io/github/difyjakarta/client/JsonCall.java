package io.github.difyjakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.http.HttpExchange;
import io.github.difyjakarta.client.http.HttpTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call whose answer is a JSON document: sent, again where that is safe, read whole, within one deadline.
 *
 * <p>Thread-safe.
 */
final class JsonCall implements HttpTransport.Handler {
    private final StreamCall.Host host;
    private final HttpTransport.Call request;
    private final boolean repeatable;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final Watchdog watchdog;
    private final long deadline;

    // Guarded by this:
    private @Nullable HttpExchange exchange;
    private int attempts;

    private volatile boolean sending;

    // Confined to the I/O thread:
    private @Nullable ErrorReply refusal;
    private ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * The document and where it was read.
     *
     * @param json as it came
     */
    record Reply(byte[] json) {
        /**
         * @throws DifyConnectionException when it is no JSON
         */
        JsonNode parse() {
            try {
                return JsonBody.read(json);
            } catch (IOException e) {
                throw new DifyConnectionException(
                        DifyConnectionException.NOT_DIFY,
                        "the answer is not well-formed JSON (" + e.getClass().getSimpleName() + ")",
                        true);
            }
        }
    }

    /**
     * @param repeatable whether it has no effect, so that it may be sent again after any failure of the connection
     */
    JsonCall(StreamCall.Host host, HttpTransport.Call request, boolean repeatable, Duration timeout) {
        this.host = host;
        this.request = request;
        this.repeatable = repeatable;
        this.deadline = System.nanoTime() + timeout.toNanos();
        this.watchdog = new Watchdog(
                host.scheduler(),
                () -> deadline,
                () -> fail(new DifyConnectionException(
                        DifyConnectionException.TIMEOUT, "Dify did not answer within " + timeout, sending)));
    }

    /** Completes with the document of a 2xx answer; exceptionally with a {@link DifyException}. */
    CompletableFuture<Reply> start() {
        watchdog.arm();
        attempt();
        reply.whenComplete((done, failure) -> end());
        return reply;
    }

    private void attempt() {
        sending = false;
        refusal = null;
        body = new ByteArrayOutputStream();
        synchronized (this) {
            attempts++;
        }
        host.transport().send(request, this);
    }

    @Override
    public void onExchange(HttpExchange begun) {
        synchronized (this) {
            exchange = begun;
        }
        if (reply.isDone()) {
            begun.cancel();
        }
    }

    private void end() {
        watchdog.end();
        HttpExchange current;
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.cancel();
        }
    }

    private void fail(DifyException cause) {
        reply.completeExceptionally(cause);
    }

    private void refuse(DifyException cause, boolean safe) {
        Optional<Duration> asked = cause instanceof DifyApiException api ? api.retryAfter() : Optional.empty();
        Optional<Duration> wait;
        synchronized (this) {
            wait = safe ? host.config().retry().delay(attempts, asked, ThreadLocalRandom.current()) : Optional.empty();
        }
        if (wait.isEmpty() || System.nanoTime() + wait.get().toNanos() - deadline > 0 || reply.isDone()) {
            fail(cause);
            return;
        }
        host.scheduler().schedule(this::attempt, wait.get().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onSending() {
        sending = true;
    }

    @Override
    public void onSent() {
        // one deadline covers it all
    }

    @Override
    public void onHead(HttpTransport.Head received) {
        boolean json = received.header("content-type").contains("json") || received.status() == 204;
        if (received.status() < 200 || received.status() > 299 || !json) {
            refusal = new ErrorReply(received, host.config());
        }
    }

    @Override
    public void onBody(ByteBuffer bytes) {
        int size = bytes.remaining();
        boolean more;
        if (refusal != null) {
            more = refusal.add(bytes);
        } else {
            byte[] piece = new byte[size];
            bytes.get(piece);
            body.writeBytes(piece);
            more = body.size() <= host.config().maxEventBytes();
            if (!more) {
                fail(new DifyConnectionException(
                        DifyConnectionException.NOT_DIFY,
                        "the answer is larger than " + host.config().maxEventBytes() + " bytes",
                        true));
                return;
            }
        }
        if (!more) {
            onEnd();
            return;
        }
        HttpExchange current;
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.read(size);
        }
    }

    @Override
    public void onPause() {
        // only the whole body is of use
    }

    @Override
    public void onEnd() {
        if (refusal == null) {
            reply.complete(new Reply(body.toByteArray()));
            return;
        }
        DifyException cause = refusal.toException();
        boolean serverFault = cause instanceof DifyApiException api && api.status() >= 500;
        refuse(cause, ErrorReply.isConcurrencyLimit(cause) || (repeatable && serverFault));
    }

    @Override
    public void onFailure(Exception cause, boolean refused) {
        refuse(
                sending ? DifyConnectionException.broken(cause, !refused) : DifyConnectionException.notConnected(cause),
                repeatable || refused || !sending);
    }
}
