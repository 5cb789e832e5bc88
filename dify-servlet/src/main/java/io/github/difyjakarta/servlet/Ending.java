package io.github.difyjakarta.servlet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What brings a stream to its end: its owner and its framework are done, or one of them and a deadline is over, or something
 * has failed, of which others want to hear. Confined to the lock of its {@link StreamState}; its timers run without it.
 */
final class Ending {

    /** How long the framework's completion and the owner's wait for each other. */
    static final Duration LINGER = Duration.ofSeconds(1);

    private final Timer timer;
    private final Runnable lingerIsOver;
    private boolean ownerDone;
    private boolean frameworkDone;
    private boolean frameworkHasThrown;
    private boolean aborted;
    private @Nullable Throwable failure;
    private List<Consumer<Throwable>> callbacks = new ArrayList<>(0);
    private @Nullable Runnable cancelLinger;

    Ending(Timer timer, Runnable lingerIsOver) {
        this.timer = timer;
        this.lingerIsOver = lingerIsOver;
    }

    boolean isOwnerDone() {
        return ownerDone;
    }

    void ownerIsDone() {
        ownerDone = true;
    }

    boolean isFrameworkDone() {
        return frameworkDone;
    }

    void frameworkIsDone() {
        frameworkDone = true;
    }

    void frameworkHasThrown() {
        frameworkHasThrown = true;
    }

    boolean hasFrameworkThrown() {
        return frameworkHasThrown;
    }

    /** Whether an end now would hide that something is missing: the owner alone can say how such a stream ends. */
    boolean isTorn() {
        return frameworkHasThrown && !ownerDone;
    }

    /** One is done; the other has time from now on, once. */
    void linger() {
        if (cancelLinger == null) {
            cancelLinger = timer.after(LINGER, lingerIsOver);
        }
    }

    void lingerNoMore() {
        if (cancelLinger != null) {
            cancelLinger.run();
        }
    }

    boolean isAborted() {
        return aborted;
    }

    void abort() {
        aborted = true;
    }

    /** Null as long as nothing has failed. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Takes the callbacks that are to hear of it. */
    List<Consumer<Throwable>> fail(Throwable cause) {
        failure = cause;
        List<Consumer<Throwable>> due = callbacks;
        callbacks = new ArrayList<>(0);
        return due;
    }

    /** See {@link StreamState#awaitFailure}. */
    @Nullable Throwable await(Consumer<Throwable> callback) {
        if (failure == null) {
            callbacks.add(callback);
        }
        return failure;
    }

    void close() {
        callbacks = new ArrayList<>(0);
        lingerNoMore();
    }
}
