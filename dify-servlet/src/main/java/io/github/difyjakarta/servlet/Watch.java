package io.github.difyjakarta.servlet;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Notices a peer that takes nothing although something waits for it: one timer at most, which runs on while the peer is
 * merely slow. Confined to the lock of its {@link StreamState}; the timer runs without it.
 */
final class Watch {

    /** How long a peer may take nothing. */
    static final Duration STALL = Duration.ofSeconds(30);

    private final Timer timer;
    private final Runnable over;
    private @Nullable Runnable cancel;

    Watch(Timer timer, Runnable over) {
        this.timer = timer;
        this.over = over;
    }

    /** Watches from now on, if that does not go on already. */
    void start() {
        if (cancel == null) {
            cancel = timer.after(STALL, over);
        }
    }

    /**
     * The time is over.
     *
     * @return whether the peer has taken nothing all the while; if it has taken something, the watch goes on if wanted
     */
    boolean isStalled(Duration stalled, boolean goesOn) {
        cancel = null;
        if (stalled.compareTo(STALL) >= 0) {
            return true;
        }
        if (goesOn) {
            cancel = timer.after(STALL.minus(stalled), over);
        }
        return false;
    }

    void close() {
        if (cancel != null) {
            cancel.run();
        }
    }
}
