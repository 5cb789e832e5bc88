package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * An answer as it grows. Read it in one of three ways, once: iterate it, {@linkplain #subscribe subscribe} with demand, or
 * {@linkplain #collect() collect} it.
 *
 * <p>It ends well when Dify said that the answer is whole, was stopped, or waits for a human; every other end is a {@link
 * DifyException}, thrown or signalled after the last event: an answer that breaks off never looks complete.
 *
 * <p>{@link #close()} before the end stops the run at Dify. Thread-safe, but for the iterator.
 */
public final class DifyStream implements Flow.Publisher<DifyEvent>, Iterable<DifyEvent>, AutoCloseable {
    private final StreamCall call;

    DifyStream(StreamCall call) {
        this.call = call;
    }

    /**
     * Events on demand, on the connection's thread or the one that asks for more; subscribers must not block. Cancelling
     * stops the run.
     */
    @Override
    public void subscribe(Flow.Subscriber<? super DifyEvent> subscriber) {
        call.frames().subscribe(new Typing(Objects.requireNonNull(subscriber, "subscriber"), call.frames()));
    }

    /** The same events untouched and unparsed, for who passes them on. */
    public Flow.Publisher<DifyFrame> frames() {
        return subscriber -> call.frames().subscribe(subscriber);
    }

    /**
     * Events as they come; {@code hasNext} waits for the next, and is where they are parsed. What the iterator has not come to
     * counts against the client's buffer.
     *
     * @throws DifyException from {@code hasNext}, when the answer is not whole
     */
    @Override
    public Iterator<DifyEvent> iterator() {
        return new EventIterator(call.frames(), call.bufferBytes());
    }

    /**
     * Waits for the whole answer.
     *
     * @throws DifyException when it is not whole
     */
    public Answer collect() {
        return collect(new AnswerCollector());
    }

    /**
     * The same by a collector of the caller's, such as {@link AnswerCollector#withNodes}.
     *
     * @throws DifyException when it is not whole
     */
    public Answer collect(AnswerCollector collector) {
        for (DifyEvent event : this) {
            collector.accept(event);
        }
        return collector.answer(call.outcome().join());
    }

    /** The same without waiting; cancelling it, or ending it early in another way such as {@code orTimeout}, stops the run. */
    public CompletableFuture<Answer> collectAsync() {
        return collectAsync(new AnswerCollector());
    }

    /** The same by a collector of the caller's. */
    public CompletableFuture<Answer> collectAsync(AnswerCollector collector) {
        Collecting collecting = new Collecting(call, collector);
        subscribe(collecting);
        return collecting.answer();
    }

    /** Completes when Dify has accepted the question; exceptionally when it refused or could not be reached. */
    public CompletionStage<Void> opened() {
        return call.opened().minimalCompletionStage();
    }

    /** How the stream ended; exceptional only where it never began. */
    public CompletionStage<Outcome> outcome() {
        return call.outcome().minimalCompletionStage();
    }

    /** The id for stop calls, once an event has named it. */
    public Optional<String> taskId() {
        return call.taskId();
    }

    /** Asks Dify to end the answer; the stream goes on to its end, with the outcome {@code Stopped}. */
    public void stop() {
        call.stop();
    }

    /** Gives up what is not read yet; stops the run if it still goes on. Returns at once. */
    @Override
    public void close() {
        call.abandon();
    }

    /**
     * @throws DifyStreamException when the event is none of Dify's
     */
    static DifyEvent typed(DifyFrame frame) {
        try {
            return frame.toEvent();
        } catch (RuntimeException e) {
            throw new DifyStreamException(DifyStreamException.MALFORMED, e.getMessage() + "", e);
        }
    }

    /** Types frames on their way to a subscriber. */
    private record Typing(Flow.Subscriber<? super DifyEvent> target, FrameQueue queue)
            implements Flow.Subscriber<DifyFrame> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            target.onSubscribe(subscription);
        }

        @Override
        public void onNext(DifyFrame frame) {
            DifyEvent event;
            try {
                event = typed(frame);
            } catch (DifyStreamException e) {
                queue.cancel();
                target.onError(e);
                return;
            }
            target.onNext(event);
        }

        @Override
        public void onError(Throwable cause) {
            target.onError(cause);
        }

        @Override
        public void onComplete() {
            target.onComplete();
        }
    }

    private static final class Collecting implements Flow.Subscriber<DifyEvent> {
        private final AnswerCollector collector;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final StreamCall call;

        Collecting(StreamCall call, AnswerCollector collector) {
            this.call = call;
            this.collector = collector;
        }

        CompletableFuture<Answer> answer() {
            return answer;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            answer.whenComplete((done, failure) -> subscription.cancel());
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(DifyEvent event) {
            collector.accept(event);
        }

        @Override
        public void onError(Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void onComplete() {
            answer.complete(collector.answer(call.outcome().join()));
        }
    }
}
