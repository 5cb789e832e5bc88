package io.github.difyjakarta.simulator;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A value others may wait for. Thread-safe. */
final class Watched<T> {

    private T value;

    Watched(T initial) {
        this.value = initial;
    }

    synchronized T get() {
        return value;
    }

    synchronized void set(T next) {
        value = next;
        notifyAll();
    }

    synchronized <R> R look(Function<T, R> look) {
        return look.apply(value);
    }

    /** Changes the value itself. */
    synchronized void change(Consumer<T> change) {
        change.accept(value);
        notifyAll();
    }

    /**
     * Waits until the look at the value finds something.
     *
     * @return what it found; empty when the time is over or the thread was interrupted (its flag is set then)
     */
    synchronized <R> Optional<R> await(Duration timeout, Function<T, Optional<R>> look) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Optional<R> found = look.apply(value);
        for (long left = timeout.toNanos(); found.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
            try {
                // Rounded up: a wait of 0 would be one without end.
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            found = look.apply(value);
        }
        return found;
    }
}
