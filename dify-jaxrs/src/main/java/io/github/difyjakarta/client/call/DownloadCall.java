package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.http.HttpExchange;
import io.github.difyjakarta.client.http.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call whose answer is a file: sent, again before its first byte where that is safe, and handed on as fast as its taker
 * asks for more. Its deadline is for the head; after that, for the next byte that was asked for.
 *
 * <p>Thread-safe.
 */
final class DownloadCall<T> implements HttpTransport.Handler, ByteQueue.Owner, Session.Open {
    private final Session session;
    private final Request request;
    private final boolean anything;
    private final BodySubscriber<T> taker;
    private final ByteQueue queue;
    private final CompletableFuture<Download<T>> reply = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Attempts attempts;
    private final Place place;
    private final Watchdog watchdog;
    private final Deadline deadline;

    private volatile boolean sending;
    private volatile boolean began;

    // Confined to the I/O thread:
    private @Nullable ErrorReply refusal;

    DownloadCall(
            Session session, Request request, HttpTransport.Call call, Deadline deadline, BodySubscriber<T> taker) {
        this.session = session;
        this.request = request;
        this.anything = "*/*".equals(call.headers().get("Accept"));
        this.taker = taker;
        this.queue = new ByteQueue(taker, this);
        this.deadline = deadline;
        this.attempts = new Attempts(session, call, this);
        this.place = new Place(session);
        this.watchdog = new Watchdog(
                session.scheduler(),
                this::latest,
                () -> fail(new DifyConnectionException(
                        DifyConnectionException.TIMEOUT, "no file from Dify within " + deadline.time(), sending)));
        reply.whenComplete((done, failure) -> {
            if (failure != null) {
                fail(failure instanceof DifyException known ? known : DifyConnectionException.cancelled());
            }
        });
    }

    /** Completes when the taker has its body, which may be before the bytes are there. */
    CompletableFuture<Download<T>> reply() {
        return reply;
    }

    @Override
    public CompletableFuture<Void> end() {
        return end;
    }

    @Override
    public void start() {
        deadline.moved();
        watchdog.arm();
        place.acquire(attempts::send, this::fail);
    }

    @Override
    public void shutDown() {
        fail(DifyConnectionException.cancelled());
    }

    /** While nobody asks for more, silence is ours. */
    private long latest() {
        if (began && !queue.isHungry()) {
            deadline.moved();
        }
        return deadline.at();
    }

    // ---- the taker's

    @Override
    public void onTaken(int bytes) {
        deadline.moved();
        attempts.read(bytes);
    }

    @Override
    public void onCancelled() {
        release();
        reply.cancel(false);
    }

    // ---- the transport's

    @Override
    public void onExchange(HttpExchange begun) {
        sending = false;
        refusal = null;
        attempts.began(begun);
    }

    @Override
    public void onSending() {
        sending = true;
    }

    @Override
    public void onSent() {
        // the deadline is for the head
    }

    @Override
    public void onHead(HttpTransport.Head head) {
        session.saw(head);
        deadline.moved();
        if (head.status() != 200 || !(anything || isFile(head.header("content-type")))) {
            refusal = new ErrorReply(head, session.config(), request);
            return;
        }
        began = true;
        taker.getBody().whenComplete((body, failure) -> {
            if (failure == null) {
                reply.complete(new Download<>(
                        body,
                        head.header("content-type"),
                        length(head),
                        ContentDisposition.fileName(head.header("content-disposition"))));
            } else {
                reply.completeExceptionally(failureOf(Calls.unwrapped(failure)));
            }
        });
        queue.begin();
    }

    /** Dify says what is wrong in JSON, gateways in pages. */
    private static boolean isFile(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        return !type.startsWith("application/json") && !type.startsWith("text/");
    }

    private static Throwable failureOf(Throwable failure) {
        return failure instanceof IOException local ? new UncheckedIOException(local) : failure;
    }

    @Override
    public void onBody(ByteBuffer bytes) {
        deadline.moved();
        int size = bytes.remaining();
        if (refusal == null) {
            queue.add(bytes);
        } else if (refusal.add(bytes)) {
            attempts.read(size);
        } else {
            onEnd();
        }
    }

    @Override
    public void onPause() {
        if (began) {
            queue.deliver();
        }
    }

    @Override
    public void onEnd() {
        if (refusal != null) {
            DifyException cause = refusal.toException();
            refuse(cause, ErrorReply.isForAnotherTry(cause, request));
        } else if (release()) {
            queue.end(null);
        }
    }

    @Override
    public void onFailure(Exception cause, boolean refused) {
        refuse(
                sending ? DifyConnectionException.broken(cause, !refused) : Attempts.notConnected(cause),
                !began && (!sending || refused || request.repeatable()));
    }

    private void refuse(DifyException cause, boolean safe) {
        Optional<Duration> wait = safe ? attempts.again(cause, deadline::allows) : Optional.empty();
        if (wait.isEmpty()) {
            fail(cause);
        }
    }

    @Override
    public boolean counted() {
        return true;
    }

    /** When there is something to tell of the server; the bytes that follow are their taker's. */
    @Override
    public CompletableFuture<Download<T>> result() {
        return reply;
    }

    @Override
    public void fail(DifyException cause) {
        if (release() && began) {
            queue.end(cause);
        }
        reply.completeExceptionally(cause);
    }

    /** Gives back all but what waits for its taker; true for the first who does. */
    private boolean release() {
        boolean first = end.complete(null);
        if (first) {
            watchdog.end();
            attempts.end();
            place.release();
        }
        return first;
    }

    private static OptionalLong length(HttpTransport.Head head) {
        String length = head.header("content-length");
        return length.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(length)) : OptionalLong.empty();
    }
}
