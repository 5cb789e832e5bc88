package io.github.difyjakarta.client.event;

import java.util.Arrays;

/** The speech of an answer: of the kind that the app's provider makes, mostly MP3. Immutable. */
public final class Audio {
    /** Nothing was said. */
    public static final Audio NONE = new Audio(new byte[0]);

    private final byte[] bytes;

    Audio(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** In bytes. */
    public int size() {
        return bytes.length;
    }

    /** Whether nothing was said. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Audio audio && Arrays.equals(bytes, audio.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Audio[" + bytes.length + " bytes]";
    }
}
