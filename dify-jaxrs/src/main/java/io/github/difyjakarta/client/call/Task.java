package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.event.DifyFrame;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What works at Dify behind one stream: the id that its events give it, and the one call that ends it. Thread-safe. */
final class Task {
    private static final System.Logger LOGGER = System.getLogger(Task.class.getName());

    private final Function<String, CompletableFuture<Void>> stop;
    private volatile @Nullable String id;

    // Guarded by this:
    private boolean claimed;

    /**
     * @param stop asks Dify to end a task, for the user who began it
     */
    Task(Function<String, CompletableFuture<Void>> stop) {
        this.stop = stop;
    }

    /** The id for stop calls, once an event has named it. */
    Optional<String> id() {
        return Optional.ofNullable(id);
    }

    /** Takes the id from the first event that has one. Called by one thread. */
    void learn(List<DifyFrame> frames) {
        for (int i = 0; i < frames.size() && id == null; i++) {
            id = frames.get(i).taskId().orElse(null);
        }
    }

    /** The stop call, for the one who asks first; nobody gets it before the id is known. */
    synchronized Optional<Runnable> claimStop() {
        String known = id;
        if (claimed || known == null) {
            return Optional.empty();
        }
        claimed = true;
        return Optional.of(() -> call(known));
    }

    private void call(String known) {
        stop.apply(known).exceptionally(failure -> {
            LOGGER.log(
                    Level.WARNING,
                    "Dify did not take the stop of a run that nobody reads any more; it may run to its end",
                    failure);
            return null;
        });
    }
}
