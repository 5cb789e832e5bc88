package io.github.difyjakarta.bench.load;

import java.util.function.LongConsumer;

/**
 * Takes the chunks off a body that comes in pieces, wherever it is cut. Confined to one thread.
 *
 * <p>Chunk extensions are passed over; trailers are taken for a broken body, as no peer sends any.
 */
final class ChunkedBody {

    private enum State {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        LAST_END,
        OVER
    }

    private final StampScanner scanner = new StampScanner();
    private State state = State.SIZE;
    private long left;

    boolean isOver() {
        return state == State.OVER;
    }

    boolean sawEnd() {
        return scanner.sawEnd();
    }

    /**
     * Reads on.
     *
     * @throws IllegalStateException if these are no chunks, or something follows the last one
     */
    void feed(byte[] bytes, int from, int to, LongConsumer stamps) {
        int at = from;
        while (at < to) {
            if (state == State.DATA) {
                int end = (int) Math.min(to, at + left);
                scanner.scan(bytes, at, end, stamps);
                left -= end - at;
                at = end;
                state = left == 0 ? State.DATA_END : State.DATA;
            } else {
                step(bytes[at]);
                at++;
            }
        }
    }

    private void step(byte b) {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> {
                if (b == '\n') {
                    state = left == 0 ? State.LAST_END : State.DATA;
                }
            }
            case DATA_END -> state = expect(b, State.SIZE);
            case LAST_END -> state = expect(b, State.OVER);
            default -> throw new IllegalStateException("A byte after the last chunk: " + b);
        }
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && left < 1 << 24) {
            left = left * 16 + digit;
        } else if (b == ';' || b == '\r') {
            state = State.EXTENSION;
        } else {
            throw new IllegalStateException("No chunk size: " + b);
        }
    }

    private State expect(byte b, State next) {
        if (b == '\n') {
            return next;
        }
        if (b != '\r') {
            throw new IllegalStateException("No end of a chunk: " + b);
        }
        return state;
    }
}
