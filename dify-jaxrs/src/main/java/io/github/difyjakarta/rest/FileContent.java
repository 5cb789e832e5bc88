package io.github.difyjakarta.rest;

import io.github.difyjakarta.relay.RelayError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file that is sent to us, counted as they pass; remembers why they came to no end. Read by one thread after
 * the other.
 */
final class FileContent extends InputStream {
    /** Enough to know the kinds of file that matter here. */
    private static final int BEGINNING = 16;

    private final byte[] beginning;
    private final InputStream bytes;
    private volatile long room;
    private volatile @Nullable RelayError failure;

    private FileContent(byte[] beginning, InputStream rest, long maxBytes) {
        this.beginning = beginning;
        this.bytes = new SequenceInputStream(new ByteArrayInputStream(beginning), rest);
        this.room = maxBytes;
    }

    /** Reads the first bytes; waits for them. */
    static FileContent of(InputStream bytes, long maxBytes) throws IOException {
        return new FileContent(bytes.readNBytes(BEGINNING), bytes, maxBytes);
    }

    /** The first bytes, 16 or all there are. */
    byte[] beginning() {
        return beginning.clone();
    }

    /** Allows no more than this of it; to be called before it is read. */
    void atMost(long maxBytes) {
        room = Math.min(room, maxBytes);
    }

    /** What is wrong with it, as far as it was read. */
    Optional<RelayError> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        int count;
        try {
            count = bytes.read(target, offset, length);
        } catch (IOException e) {
            failure = RelayError.of(400, "bad_request", "The file did not come whole.");
            throw e;
        }
        room -= Math.max(0, count);
        if (room < 0) {
            failure = IncomingFile.tooLarge().error();
            throw new IOException("the file is larger than it may be");
        }
        return count;
    }

    /** The connection's bytes are the server's: a part that is closed would wait for all of its rest. */
    @Override
    public void close() {
        // see above
    }

    /** Whether it begins with these bytes at a place. */
    boolean hasAt(int place, byte... expected) {
        int end = place + expected.length;
        return beginning.length >= end && Arrays.equals(beginning, place, end, expected, 0, expected.length);
    }
}
