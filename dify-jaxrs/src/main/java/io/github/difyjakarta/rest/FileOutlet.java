package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.Download;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.servlet.EventStreamOutput;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way from Dify to one browser, as fast as the browser takes it: no thread waits for either, and no more than a
 * few pieces are in memory.
 *
 * <p>Thread-safe: pieces come on the client's I/O thread, one at a time; room and ends on timers.
 */
final class FileOutlet implements BodySubscriber<Void> {
    /** Above this the browser is given time before Dify is asked for more. */
    private static final long ROOM_BYTES = 64 * 1024;

    /** Longer than any file may take to begin. */
    private static final Duration NEVER = Duration.ofDays(1);

    private final EventStreamOutput output;
    private final AsyncResponse response;
    private final CompletableFuture<Flow.Subscription> upstream = new CompletableFuture<>();
    private volatile @Nullable ScheduledFuture<?> watch;

    private FileOutlet(EventStreamOutput output, AsyncResponse response) {
        this.output = output;
        this.response = response;
    }

    /**
     * Answers with a file, or with the problem that came instead. To be called in the request thread.
     *
     * @param call asks Dify for the file
     * @param head what browsers are told of it
     */
    static void answer(
            Entrance entrance,
            AsyncResponse response,
            Visit visit,
            Function<BodySubscriber<Void>, CompletableFuture<Download<Void>>> call,
            Function<Download<?>, FileHead> head) {
        EventStreamOutput output = Asking.output(entrance.request());
        output.hold(NEVER, new byte[0]);
        FileOutlet outlet = new FileOutlet(output, response);
        CompletableFuture<Download<Void>> reply;
        try {
            reply = call.apply(outlet);
        } catch (DifyException e) {
            outlet.refuse(e);
            return;
        }
        output.onClosed(cause -> {
            reply.cancel(false);
            outlet.cancel();
        });
        outlet.watchOver(visit);
        reply.whenComplete((file, failure) -> {
            if (failure != null) {
                outlet.refuse(failure);
            } else {
                outlet.begin(file, head.apply(file));
            }
        });
    }

    private void refuse(Throwable failure) {
        stopWatching();
        Reply.problem(Documents.error(failure)).sendBy(output);
        leave();
    }

    private void begin(Download<?> file, FileHead head) {
        if (output.replace(200, head.headers(), head.mediaType(), file.length())) {
            askForMore();
        } else {
            cancel();
        }
    }

    /** A browser that takes nothing would keep Dify waiting for ever. */
    private void watchOver(Visit visit) {
        Duration most = visit.clients().relays().config().writeTimeout();
        long interval = Math.max(1, most.toMillis() / 4);
        watch = visit.clients()
                .timer()
                .scheduleWithFixedDelay(
                        () -> {
                            if (output.isClosed()) {
                                stopWatching();
                            } else if (output.stalledFor().compareTo(most) >= 0) {
                                cancel();
                                cut();
                            }
                        },
                        interval,
                        interval,
                        TimeUnit.MILLISECONDS);
    }

    private void stopWatching() {
        ScheduledFuture<?> running = watch;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void cancel() {
        upstream.thenAccept(Flow.Subscription::cancel);
    }

    private void askForMore() {
        upstream.thenAccept(subscription -> subscription.request(1));
    }

    // ---- from Dify

    /** There at once: the head goes out before the bytes are there. */
    @Override
    public CompletionStage<Void> getBody() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream.complete(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            output.writeDirect(bytes);
        }
        if (output.pendingBytes() <= ROOM_BYTES) {
            askForMore();
        } else {
            output.onDrained(this::askForMore);
        }
    }

    /** The browser must not take for a whole file what is none. */
    @Override
    public void onError(Throwable failure) {
        cut();
    }

    private void cut() {
        stopWatching();
        output.abort();
        leave();
    }

    @Override
    public void onComplete() {
        stopWatching();
        leave();
        output.finish();
    }

    /** The framework has nothing to write, but only then is the exchange over for it. */
    private void leave() {
        response.resume(Response.ok().build());
    }
}
