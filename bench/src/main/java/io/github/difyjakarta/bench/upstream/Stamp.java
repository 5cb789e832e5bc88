package io.github.difyjakarta.bench.upstream;

/**
 * The moment an event was written, as it stands in the event's answer: {@code ~} and 20 digits and {@code ~}. It is
 * {@link System#nanoTime}, which on one machine means the same in every process.
 */
public final class Stamp {

    /** Stands before and after the digits, and nowhere else in an answer. */
    public static final byte MARK = '~';

    /** Always so many, with zeros in front: a chunk's length does not depend on the time. */
    public static final int DIGITS = 20;

    private Stamp() {}

    /**
     * Writes the digits, without marks.
     *
     * @param nanos not negative
     * @param at where the first digit goes
     */
    static void write(long nanos, byte[] into, int at) {
        long rest = nanos;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
