package io.github.difyjakarta.client;

import io.github.difyjakarta.client.event.DifyEvent;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to a thread that waits for them. Asks for one at a time, so that what the reader has not come to stays where
 * its size is bounded. Confined to that thread, but for the subscriber's methods.
 */
final class EventIterator implements Iterator<DifyEvent>, Flow.Subscriber<DifyEvent> {
    private sealed interface Signal {}

    private record Next(DifyEvent event) implements Signal {}

    private record End(@Nullable Throwable cause) implements Signal {}

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Signal current;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
    }

    @Override
    public void onNext(DifyEvent event) {
        signals.add(new Next(event));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new End(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new End(null));
    }

    /**
     * @throws DifyException when the answer is not whole, or the waiting thread was interrupted; its flag is set again then,
     *     and the run is stopped
     */
    @Override
    public boolean hasNext() {
        if (current == null) {
            current = await();
        }
        if (current instanceof End end && end.cause() instanceof RuntimeException failure) {
            throw failure;
        }
        return current instanceof Next;
    }

    @Override
    public DifyEvent next() {
        if (!hasNext() || !(current instanceof Next next)) {
            throw new NoSuchElementException("the stream has ended");
        }
        current = null;
        return next.event();
    }

    private Signal await() {
        if (subscription != null && signals.isEmpty()) {
            subscription.request(1);
        }
        try {
            return signals.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (subscription != null) {
                subscription.cancel();
            }
            return new End(new DifyStreamException(
                    DifyConnectionException.CANCELLED, "interrupted while waiting for Dify's answer", e));
        }
    }
}
