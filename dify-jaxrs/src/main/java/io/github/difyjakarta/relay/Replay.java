package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The events of one stream that a reader may still want, by their numbers from 1 on: all that are unread, and of those that were
 * read the last so many bytes, for a reader who comes back. Holds events as they came, copies nothing. Not thread-safe.
 */
final class Replay {
    /** Whether a reader can go on behind an event. */
    enum Place {
        KEPT,
        /** What follows it is not kept any more. */
        GONE,
        /** There has been no such event. */
        UNKNOWN
    }

    private final long readBytesKept;
    private final ArrayDeque<DifyFrame> read = new ArrayDeque<>(0);
    private final ArrayDeque<DifyFrame> unread = new ArrayDeque<>(0);
    /** Of the last event that was read. */
    private long number;

    private long readBytes;

    /**
     * @param readBytesKept 0 or more; 0 keeps nothing that was read
     */
    Replay(long readBytesKept) {
        this.readBytesKept = readBytesKept;
    }

    void add(DifyFrame frame) {
        unread.add(frame);
    }

    boolean isAllRead() {
        return unread.isEmpty();
    }

    /** The next event, from now on read; null where all are. */
    @Nullable DifyFrame next() {
        DifyFrame next = unread.poll();
        if (next != null) {
            number++;
            read.add(next);
            readBytes += next.size();
            while (readBytes > readBytesKept) {
                readBytes -= read.remove().size();
            }
        }
        return next;
    }

    /**
     * Goes to the place behind an event, so that the one that follows it is the next; stays where it is if that cannot be.
     *
     * @param last the number of the last event that the reader has; 0 for none
     */
    Place seek(long last) {
        if (last < 0 || last > number + unread.size()) {
            return Place.UNKNOWN;
        }
        if (last < number - read.size()) {
            return Place.GONE;
        }
        while (number > last) {
            DifyFrame again = read.removeLast();
            readBytes -= again.size();
            unread.addFirst(again);
            number--;
        }
        while (number < last) {
            next(); // another reader had it, before this one began anew
        }
        return Place.KEPT;
    }
}
