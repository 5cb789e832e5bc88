package io.github.difyjakarta.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of a line, eight bytes at a step. */
final class LineEnds {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    /** One comparison finds LF and CR at once, and of what texts hold nothing else but tabs. */
    private static final long ABOVE_CR = ('\r' + 1) * EACH_BYTE;

    private LineEnds() {}

    /** The index of the first LF or CR; {@code to} where there is none. */
    static int find(byte[] bytes, int from, int to) {
        int at = skipText(bytes, from, to);
        while (at <= to - Long.BYTES) {
            long eight = (long) LONG.get(bytes, at);
            // The high bit of every byte below 14; a borrow can set more of them, but only after the first.
            long low = low(eight);
            if (low == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Long.numberOfTrailingZeros(low) / Byte.SIZE;
            if (isEnd(bytes[at])) {
                return at;
            }
            at++;
        }
        while (at < to && !isEnd(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Four steps at once, as long as they find nothing. */
    private static int skipText(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - 4 * Long.BYTES
                && (low((long) LONG.get(bytes, at))
                                | low((long) LONG.get(bytes, at + Long.BYTES))
                                | low((long) LONG.get(bytes, at + 2 * Long.BYTES))
                                | low((long) LONG.get(bytes, at + 3 * Long.BYTES)))
                        == 0) {
            at += 4 * Long.BYTES;
        }
        return at;
    }

    private static long low(long eight) {
        return (eight - ABOVE_CR) & ~eight & HIGH_BITS;
    }

    private static boolean isEnd(byte b) {
        return b == '\n' || b == '\r';
    }
}
