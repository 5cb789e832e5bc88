package io.github.difyjakarta.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what a publisher gives, and asks for more when told to; by default for everything at once. */
final class Recorder<T> implements Flow.Subscriber<T> {
    private final Consumer<T> next;
    private final long initialDemand;
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

    Recorder(Consumer<T> next) {
        this(next, Long.MAX_VALUE);
    }

    Recorder(Consumer<T> next, long initialDemand) {
        this.next = next;
        this.initialDemand = initialDemand;
    }

    Flow.Subscription subscription() {
        return subscription.join();
    }

    /** Completes with null at a good end, with the failure at any other. */
    CompletableFuture<@Nullable Throwable> end() {
        return end;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        if (initialDemand > 0) {
            given.request(initialDemand);
        }
    }

    @Override
    public void onNext(T item) {
        next.accept(item);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
