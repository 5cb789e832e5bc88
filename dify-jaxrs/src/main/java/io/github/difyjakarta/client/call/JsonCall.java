package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.http.HttpExchange;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.http.UnreadableUploadException;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call whose answer is a JSON document: sent, again where that is safe, read whole, within one deadline. What is uploaded
 * counts for as long as it moves.
 *
 * <p>Thread-safe.
 */
final class JsonCall implements HttpTransport.Handler, Session.Open {
    private static final int NO_CONTENT = 204;

    /**
     * A success.
     *
     * @param head of it
     * @param json the document; empty where there is none
     */
    record Reply(HttpTransport.Head head, DifyJson json) {}

    private final Session session;
    private final Request request;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final Attempts attempts;
    private final Place place;
    private final Watchdog watchdog;
    /** A stream that has been read in part is not there once more. */
    private final boolean sentOnce;
    /** A yes without a document is no answer. */
    private final boolean answered;

    private final Deadline deadline;

    private volatile boolean sending;

    // Confined to the I/O thread:
    private HttpTransport.@Nullable Head head;
    private @Nullable ErrorReply refusal;
    private ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * @param answered whether the answer has to be a document
     */
    JsonCall(Session session, Request request, HttpTransport.Call call, Deadline deadline, boolean answered) {
        this.session = session;
        this.request = request;
        this.sentOnce = call.upload().filter(upload -> !upload.isRepeatable()).isPresent();
        this.deadline = deadline;
        this.answered = answered;
        this.attempts = new Attempts(session, call, this);
        this.place = new Place(session);
        this.watchdog = new Watchdog(
                session.scheduler(),
                deadline::at,
                () -> fail(new DifyConnectionException(
                        DifyConnectionException.TIMEOUT, "Dify did not answer within " + deadline.time(), sending)));
        reply.whenComplete((done, failure) -> {
            watchdog.end();
            attempts.end();
            place.release();
        });
    }

    /** Completes with the document of a 2xx answer; exceptionally with a {@link DifyException}. */
    @Override
    public CompletableFuture<Reply> end() {
        return reply;
    }

    @Override
    public void start() {
        watchdog.arm();
        if (request.counted()) {
            place.acquire(attempts::send, this::fail);
        } else {
            attempts.send();
        }
    }

    @Override
    public void shutDown() {
        fail(DifyConnectionException.cancelled());
    }

    @Override
    public boolean counted() {
        return request.counted();
    }

    @Override
    public void fail(DifyException cause) {
        reply.completeExceptionally(cause);
    }

    private void refuse(DifyException cause, boolean safe) {
        Optional<Duration> wait =
                safe && !(sending && sentOnce) ? attempts.again(cause, deadline::allows) : Optional.empty();
        if (wait.isEmpty()) {
            fail(cause);
        }
    }

    @Override
    public void onExchange(HttpExchange begun) {
        sending = false;
        refusal = null;
        body = new ByteArrayOutputStream();
        attempts.began(begun);
    }

    @Override
    public void onSending() {
        sending = true;
    }

    @Override
    public void onUploaded(int bytes) {
        deadline.moved();
    }

    @Override
    public void onSent() {
        // one deadline covers it all
    }

    @Override
    public void onHead(HttpTransport.Head received) {
        session.saw(received);
        head = received;
        boolean json = received.header("content-type").contains("json") || received.status() == NO_CONTENT;
        if (received.status() < 200 || received.status() > 299 || !json) {
            refusal = new ErrorReply(received, session.config(), request);
        } else {
            ErrorReply.tooOld(received, request).ifPresent(this::fail);
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
            int most = session.config().limits().maxEventBytes();
            more = body.size() <= most;
            if (!more) {
                fail(notDify("the answer is larger than " + most + " bytes"));
                return;
            }
        }
        if (more) {
            attempts.read(size);
        } else {
            onEnd();
        }
    }

    @Override
    public void onPause() {
        // only the whole body is of use
    }

    @Override
    public void onEnd() {
        ErrorReply refused = refusal;
        if (refused != null && (answered || !refused.isEmptySuccess())) {
            DifyException cause = refused.toException();
            refuse(cause, ErrorReply.isForAnotherTry(cause, request));
            return;
        }
        try {
            succeed(body.size() == 0 ? DifyJson.EMPTY : DifyJson.parse(body.toByteArray()));
        } catch (MalformedJsonException e) {
            fail(notDify(e.getMessage() + ""));
        }
    }

    private void succeed(DifyJson json) {
        if (answered && body.size() == 0) {
            fail(notDify("the answer is empty"));
        } else if (head != null) {
            reply.complete(new Reply(head, json));
        }
    }

    private static DifyConnectionException notDify(String message) {
        return new DifyConnectionException(DifyConnectionException.NOT_DIFY, message, true);
    }

    @Override
    public void onFailure(Exception cause, boolean refused) {
        if (cause instanceof UnreadableUploadException) {
            fail(new DifyConnectionException(
                    DifyConnectionException.UNREADABLE, "what was to be uploaded could not be read", false));
            return;
        }
        refuse(
                sending ? DifyConnectionException.broken(cause, !refused) : Attempts.notConnected(cause),
                !sending || refused || request.repeatable());
    }
}
