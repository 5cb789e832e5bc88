package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Bytes that come in pieces. Who adds has checked the bound. Confined to the decoder's thread. */
final class Gathered {
    private static final int INITIAL_BYTES = 64;
    /** What stays allocated after a large value; the rest is given back. */
    private static final int RESIDENT_BYTES = 16 * 1024;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    int length() {
        return length;
    }

    byte at(int index) {
        return bytes[index];
    }

    void add(byte[] source, int from, int to) {
        int needed = length + to - from;
        if (needed > bytes.length) {
            long room = Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L));
            bytes = Arrays.copyOf(bytes, (int) room);
        }
        System.arraycopy(source, from, bytes, length, to - from);
        length = needed;
    }

    /** What was gathered, in an array of its own. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** What was gathered, as text. */
    String toText() {
        return new String(bytes, 0, length, UTF_8);
    }

    void clear() {
        length = 0;
        if (bytes.length > RESIDENT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
    }
}
