package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber and its subscription. Whatever it throws while it gets frames ends its own stream and nothing else. As
 * thread-safe as the subscriber: who signals sees to it that signals are serial.
 */
record Receiver(Flow.Subscriber<? super DifyFrame> subscriber, Flow.Subscription subscription) {
    private static final System.Logger LOGGER = System.getLogger(Receiver.class.getName());

    void begin() {
        subscriber.onSubscribe(subscription);
    }

    void next(DifyFrame frame) {
        try {
            subscriber.onNext(frame);
        } catch (RuntimeException e) {
            giveUp(e);
        }
    }

    void pause() {
        if (subscriber instanceof BatchSubscriber batches) {
            try {
                batches.onPause();
            } catch (RuntimeException e) {
                giveUp(e);
            }
        }
    }

    void end(@Nullable Throwable cause) {
        if (cause == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(cause);
        }
    }

    private void giveUp(RuntimeException failure) {
        LOGGER.log(System.Logger.Level.ERROR, "A subscriber failed; its stream is ended", failure);
        subscription.cancel();
    }

    /** Tells one who came too late. */
    static void refuse(Flow.Subscriber<? super DifyFrame> latecomer) {
        latecomer.onSubscribe(new Refused());
        latecomer.onError(tooLate());
    }

    static IllegalStateException tooLate() {
        return new IllegalStateException("a stream has one reader, and had it");
    }

    private static final class Refused implements Flow.Subscription {
        @Override
        public void request(long n) {
            // already refused
        }

        @Override
        public void cancel() {
            // already refused
        }
    }
}
