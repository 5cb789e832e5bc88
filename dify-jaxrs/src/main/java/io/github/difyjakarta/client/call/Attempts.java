package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.http.HttpExchange;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.http.ProxyRefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The exchanges of one call: the one under way, and how many there were. Thread-safe. */
final class Attempts {
    private final Session session;
    private final HttpTransport.Call request;
    private final HttpTransport.Handler handler;

    // Guarded by this:
    private @Nullable HttpExchange exchange;
    private @Nullable Future<?> next;
    private int made;
    private boolean over;

    Attempts(Session session, HttpTransport.Call request, HttpTransport.Handler handler) {
        this.session = session;
        this.request = request;
        this.handler = handler;
    }

    /** Sends the request, unless all is over. */
    void send() {
        synchronized (this) {
            if (over) {
                return;
            }
            made++;
        }
        session.transport().send(request, handler);
    }

    /** Takes note of what the transport has begun. */
    void began(HttpExchange begun) {
        boolean late;
        synchronized (this) {
            exchange = begun;
            late = over;
        }
        if (late) {
            begun.cancel();
        }
    }

    /** Lets the peer send so many bytes more. */
    void read(int bytes) {
        HttpExchange current;
        synchronized (this) {
            current = exchange;
        }
        if (current != null) {
            current.read(bytes);
        }
    }

    /**
     * Sends it once more after a while, where the policy has another try.
     *
     * @param cause why the last one failed
     * @param allows whether there is time for a wait
     * @return the wait; empty when it will not be sent again
     */
    Optional<Duration> again(DifyException cause, Predicate<Duration> allows) {
        Optional<Duration> asked = cause instanceof DifyApiException api ? api.retryAfter() : Optional.empty();
        synchronized (this) {
            if (over) {
                return Optional.empty();
            }
            Optional<Duration> wait = session.config()
                    .retry()
                    .delay(made, asked, ThreadLocalRandom.current())
                    .filter(allows);
            wait.ifPresent(
                    time -> next = session.scheduler().schedule(this::send, time.toMillis(), TimeUnit.MILLISECONDS));
            return wait;
        }
    }

    /** What to say where nothing was sent. */
    static DifyConnectionException notConnected(Exception cause) {
        return cause instanceof ProxyRefusedException refusal
                ? new DifyConnectionException(DifyConnectionException.UNREACHABLE, refusal.getMessage() + "", false)
                : DifyConnectionException.notConnected(cause);
    }

    /** Ends the one under way, and sends no more. */
    void end() {
        HttpExchange current;
        Future<?> planned;
        boolean first;
        synchronized (this) {
            first = !over;
            over = true;
            current = exchange;
            planned = next;
        }
        if (planned != null) {
            planned.cancel(false);
        }
        if (current != null) {
            current.cancel();
        }
        if (first) {
            request.upload().ifPresent(HttpTransport.Upload::discard);
        }
    }
}
