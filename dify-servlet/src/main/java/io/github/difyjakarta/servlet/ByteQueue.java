package io.github.difyjakarta.servlet;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes waiting to be sent: whole frames that may go, and behind them the frame that is still being written. Takes no
 * memory when empty. Confined to its owner's lock.
 */
final class ByteQueue {

    /** Small frames are gathered into pieces of this size; a larger write stays one piece. */
    private static final int PIECE = 16 * 1024;

    private static final int FIRST_CAPACITY = 256;

    private final ArrayDeque<Piece> ready = new ArrayDeque<>(0);
    private long readyBytes;
    private @Nullable Piece unfinished;

    /** A stretch of bytes; grows at its end until it is taken. */
    static final class Piece {
        byte[] bytes;
        int from;
        int to;

        private Piece(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        int length() {
            return to - from;
        }

        private void append(byte[] source, int offset, int length) {
            int needed = Math.addExact(to, length);
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(2 * bytes.length, PIECE)));
            }
            System.arraycopy(source, offset, bytes, to, length);
            to = needed;
        }
    }

    long size() {
        return readyBytes + (unfinished == null ? 0 : unfinished.length());
    }

    boolean hasReady() {
        return readyBytes > 0;
    }

    /** Adds to the frame being written. */
    void write(byte[] source, int offset, int length) {
        if (length == 0) {
            return;
        }
        Piece frame = unfinished;
        if (frame == null) {
            frame = new Piece(new byte[Math.max(length, FIRST_CAPACITY)], 0, 0);
            unfinished = frame;
        }
        frame.append(source, offset, length);
    }

    /** Makes ready what was written, up to its last blank line. */
    void endFrames() {
        Piece frame = unfinished;
        if (frame == null) {
            return;
        }
        int end = endOfLastFrame(frame.bytes, frame.from, frame.to);
        if (end == frame.to) {
            endAll();
        } else if (end > frame.from) {
            addReady(new Piece(Arrays.copyOfRange(frame.bytes, frame.from, end), 0, end - frame.from));
            unfinished = new Piece(Arrays.copyOfRange(frame.bytes, end, frame.to), 0, frame.to - end);
        }
    }

    /** Makes ready everything that was written, whole frame or not. */
    void endAll() {
        Piece frame = unfinished;
        unfinished = null;
        if (frame != null) {
            addReady(frame);
        }
    }

    /** Adds whole frames behind those that are ready. */
    void addReady(byte[] frames) {
        if (frames.length > 0) {
            addReady(new Piece(frames.clone(), 0, frames.length));
        }
    }

    void addReadyFirst(byte[] frames) {
        if (frames.length > 0) {
            ready.addFirst(new Piece(frames.clone(), 0, frames.length));
            readyBytes += frames.length;
        }
    }

    void dropUnfinished() {
        unfinished = null;
    }

    void clear() {
        ready.clear();
        readyBytes = 0;
        unfinished = null;
    }

    /** Takes the next bytes that may go, at most {@code max}; null if there are none. */
    @Nullable Piece take(int max) {
        Piece first = ready.peekFirst();
        if (first == null) {
            return null;
        }
        Piece taken = first;
        if (first.length() <= max) {
            ready.removeFirst();
        } else {
            taken = new Piece(first.bytes, first.from, first.from + max);
            first.from += max;
        }
        readyBytes -= taken.length();
        return taken;
    }

    private void addReady(Piece piece) {
        Piece last = ready.peekLast();
        // A piece whose front was taken shares its bytes with the taker, and may still grow: only its end is written
        // to.
        if (last != null && last.to + piece.length() <= PIECE) {
            last.append(piece.bytes, piece.from, piece.length());
        } else {
            ready.addLast(piece);
        }
        readyBytes += piece.length();
    }

    /** The index behind the last blank line (LF, CRLF or CR line ends), or {@code from} if there is none. */
    static int endOfLastFrame(byte[] bytes, int from, int to) {
        for (int end = to; end >= from + 2; end--) {
            byte last = bytes[end - 1];
            byte before = bytes[end - 2];
            boolean blankLine =
                    switch (last) {
                        case '\n' -> before == '\n' || (before == '\r' && end >= from + 3 && bytes[end - 3] == '\n');
                        case '\r' -> before == '\r' || before == '\n';
                        default -> false;
                    };
            if (blankLine) {
                return end;
            }
        }
        return from;
    }
}
