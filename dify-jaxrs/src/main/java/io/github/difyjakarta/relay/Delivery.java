package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.event.DifyFrame;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The reader's side of one stream: hands events on in their order, by the room that the browser has, from wherever it left off; and
 * knows for how long there has been nobody to hand them to.
 *
 * <p>Thread-safe. The outlet is called under the lock, by which only one thread writes at a time; its methods do not wait, and call
 * nothing back. The owner is called without it.
 */
final class Delivery {
    /** Above this the browser is given time before it gets more. */
    static final long ROOM_BYTES = 64 * 1024;

    /** Whose stream it is. */
    interface Owner {
        /** All events are handed on, and there is room for another. Called once for each {@link #add}. */
        void onRoom();

        /** The reader has got all, last words included, and is let go. */
        void onAllRead();
    }

    private enum Next {
        NOTHING,
        ASK,
        AWAIT_ROOM,
        TELL_END
    }

    private final Owner owner;
    private final LongSupplier nanoTime;

    // Guarded by this:
    private final Replay replay;
    private @Nullable Outlet reader;
    /** For every reader who gets to the end, or comes after it. */
    private @Nullable Consumer<Outlet> lastWords;

    private boolean closed;
    /** The owner is on its way to bring an event; the first comes unasked. */
    private boolean asked = true;
    /** The reader will call when it has room. */
    private boolean awaitingRoom;
    /** Bytes handed on since the last flush, and those that the browser had not taken then. */
    private long gathered;

    private long pending;
    private long lastOutputAt;
    private long unreadSince;

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    Delivery(Owner owner, Replay replay, LongSupplier nanoTime) {
        this.owner = owner;
        this.replay = replay;
        this.nanoTime = nanoTime;
        this.unreadSince = nanoTime.getAsLong();
    }

    // ---- what comes

    void add(DifyFrame frame) {
        Outlet to;
        Next next;
        synchronized (this) {
            asked = false;
            if (closed) {
                return;
            }
            replay.add(frame);
            to = reader;
            next = handOn(to, false);
        }
        act(next, to);
    }

    /** What came together leaves together: writing costs more than all else, and hardly depends on the size. */
    void pause() {
        Outlet to;
        Next next;
        synchronized (this) {
            to = reader;
            next = handOn(to, true);
        }
        act(next, to);
    }

    /** No event follows. The last words are for every reader who gets so far. */
    void end(Consumer<Outlet> words) {
        synchronized (this) {
            if (!closed) {
                lastWords = words;
            }
        }
        pause();
    }

    // ---- readers come and go

    /**
     * Another reader, in place of any that is there. It gets nothing before {@link #pause}, so that it can be watched first.
     *
     * @param last the number of the last event it has, 0 for none
     * @return false if that cannot be; then it has been told, and all is as it was
     */
    synchronized boolean attach(Outlet newcomer, long last) {
        if (closed) {
            speak(newcomer);
            return false;
        }
        return switch (replay.seek(last)) {
            case GONE -> refuse(newcomer, RelayError.noLongerKept());
            case UNKNOWN -> refuse(newcomer, RelayError.noSuchEvent());
            case KEPT -> {
                if (reader != null) {
                    reader.error(RelayError.takenOver());
                }
                reader = newcomer;
                gathered = 0;
                pending = newcomer.pendingBytes();
                awaitingRoom = false;
                lastOutputAt = nanoTime.getAsLong();
                yield true;
            }
        };
    }

    private static boolean refuse(Outlet newcomer, RelayError error) {
        newcomer.error(error);
        return false;
    }

    private void speak(Outlet to) {
        if (lastWords != null) {
            lastWords.accept(to);
        }
    }

    /** A reader is gone; false if it was not the one who reads. */
    synchronized boolean detach(Outlet leaving) {
        if (reader != leaving) {
            return false;
        }
        leave();
        return true;
    }

    /** Cuts off a reader that has taken nothing for so long; whether it has. */
    synchronized boolean cutOffIfStalled(Duration limit) {
        if (reader == null || reader.stalledFor().compareTo(limit) < 0) {
            return false;
        }
        reader.abort();
        leave();
        return true;
    }

    private void leave() {
        reader = null;
        unreadSince = nanoTime.getAsLong();
    }

    /** Says something that means nothing, if nothing was said for so long. */
    synchronized void breakSilence(Duration longest) {
        if (reader != null && nanoTime.getAsLong() - lastOutputAt >= longest.toNanos()) {
            reader.keepAlive();
            lastOutputAt = nanoTime.getAsLong();
        }
    }

    // ---- the end of it

    /** Nothing goes out any more but these words, to who reads and who comes; false if that was so already. */
    synchronized boolean close(Consumer<Outlet> words) {
        if (closed) {
            return false;
        }
        closed = true;
        lastWords = words;
        if (reader != null) {
            speak(reader);
            leave();
        }
        return true;
    }

    /** The same if nobody has read for so long. */
    synchronized boolean closeIfUnread(Duration time) {
        return reader == null
                && nanoTime.getAsLong() - unreadSince >= time.toNanos()
                && close(latecomer -> latecomer.error(RelayError.noSuchStream()));
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether there is somebody to hand events to. */
    synchronized boolean isRead() {
        return reader != null;
    }

    // ---- how it goes out

    private Next handOn(@Nullable Outlet to, boolean pausing) {
        if (to == null || closed) {
            return Next.NOTHING;
        }
        do {
            while (hasRoom() && !replay.isAllRead()) {
                handOnNext(to);
            }
            if (gathered > 0 && (pausing || !hasRoom())) {
                flush(to);
            }
        } while (hasRoom() && !replay.isAllRead());
        if (lastWords != null && replay.isAllRead()) {
            speak(to);
            leave();
            return Next.TELL_END;
        }
        if (!hasRoom()) {
            boolean waits = awaitingRoom;
            awaitingRoom = true;
            return waits ? Next.NOTHING : Next.AWAIT_ROOM;
        }
        if (asked) {
            return Next.NOTHING;
        }
        asked = true;
        return Next.ASK;
    }

    private boolean hasRoom() {
        return gathered + pending <= ROOM_BYTES;
    }

    private void handOnNext(Outlet to) {
        DifyFrame frame = replay.next();
        if (frame != null) {
            to.event(frame);
            gathered += frame.size();
        }
    }

    private void flush(Outlet to) {
        to.flush();
        lastOutputAt = nanoTime.getAsLong();
        gathered = 0;
        pending = to.pendingBytes();
    }

    private void act(Next next, @Nullable Outlet to) {
        switch (next) {
            case ASK -> owner.onRoom();
            case TELL_END -> owner.onAllRead();
            case AWAIT_ROOM -> {
                if (to != null) {
                    to.onDrained(() -> drained(to));
                }
            }
            case NOTHING -> {
                // somebody else is on the way
            }
        }
    }

    private void drained(Outlet to) {
        synchronized (this) {
            if (reader != to) {
                return;
            }
            awaitingRoom = false;
            pending = to.pendingBytes();
        }
        pause();
    }
}
