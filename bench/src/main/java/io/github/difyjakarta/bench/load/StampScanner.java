package io.github.difyjakarta.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.difyjakarta.bench.upstream.Stamp;
import java.util.function.LongConsumer;

/**
 * Finds the stamps in a body that comes in pieces, wherever it is cut, and whether a {@code message_end} comes after them.
 * Confined to one thread.
 */
final class StampScanner {

    private static final byte[] END = "message_end".getBytes(US_ASCII);

    /** Digits of the stamp that is being read; -1 outside of one. */
    private int digits = -1;

    private long value;
    private int matched;

    /** Whether a {@code message_end} came, and no stamp since. */
    boolean sawEnd() {
        return matched == END.length;
    }

    void scan(byte[] bytes, int from, int to, LongConsumer stamps) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == Stamp.MARK) {
                mark(stamps);
            } else if (digits >= 0) {
                digit(b);
            } else if (matched < END.length) {
                // "m" is only the first letter, so a broken match can begin anew at this very byte and nowhere before.
                matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
            }
        }
    }

    private void mark(LongConsumer stamps) {
        matched = 0;
        if (digits == Stamp.DIGITS) {
            digits = -1;
            stamps.accept(value);
        } else {
            digits = 0;
            value = 0;
        }
    }

    private void digit(byte b) {
        if (b >= '0' && b <= '9' && digits < Stamp.DIGITS) {
            value = value * 10 + (b - '0');
            digits++;
        } else {
            digits = -1;
        }
    }
}
