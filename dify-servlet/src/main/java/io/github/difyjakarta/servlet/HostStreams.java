package io.github.difyjakarta.servlet;

import java.util.Optional;
import java.util.function.Function;

/**
 * What is done for event streams of the host application, which know nothing of us. Immutable.
 *
 * @param nonBlocking whether an event stream that the application writes asynchronously never blocks the thread that
 *     writes: its bytes wait in a buffer, and a reader that takes nothing for 30 s is cut off; {@code false} leaves that to
 *     the server; default {@code true}
 * @param bufferBytes how much of such a stream may wait for a slow reader: the write that would exceed it fails, and the
 *     reader is cut off; a larger event passes when nothing waits before it; at least 16 KiB; default 1 MiB
 */
record HostStreams(boolean nonBlocking, int bufferBytes) {

    static final HostStreams DEFAULTS = new HostStreams(true, 1 << 20);

    static final String NON_BLOCKING = "dify.streaming.non-blocking";
    static final String BUFFER_BYTES = "dify.streaming.buffer-bytes";

    private static final int LEAST_BUFFER = 16 * 1024;

    HostStreams {
        if (bufferBytes < LEAST_BUFFER) {
            throw new IllegalArgumentException("bufferBytes must be at least " + LEAST_BUFFER + ", not " + bufferBytes);
        }
    }

    /** Reads both settings; what is wrong is added to the problems. */
    static HostStreams from(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        return new HostStreams(
                problems.read(lookup, NON_BLOCKING, DEFAULTS.nonBlocking(), Settings::bool),
                problems.read(lookup, BUFFER_BYTES, DEFAULTS.bufferBytes(), HostStreams::buffer));
    }

    private static int buffer(String key, String value) {
        long size = Settings.size(key, value);
        if (size < LEAST_BUFFER || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + " must be from 16KiB to 2047MiB, not \"" + value + "\"");
        }
        return (int) size;
    }
}
