package io.github.difyjakarta.simulator.app;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Speech without a voice: an MP3 as long as it takes to say a text, silent, with the text in its title (ID3v2.3). Any
 * player takes it, and {@link #title} reads the text back. Pure.
 */
final class SilentMp3 {

    /** MPEG-2 Layer III, 8 kbit/s, 22 050 Hz, mono, no padding: 26 bytes of which all behind the head may be zero. */
    private static final byte[] FRAME = Arrays.copyOf(new byte[] {(byte) 0xFF, (byte) 0xF3, 0x10, (byte) 0xC0}, 26);

    /** A frame is 26 ms, a spoken character about 65 ms. */
    private static final double FRAMES_PER_CHARACTER = 2.5;

    /** A long text is not spoken to its end: nobody listens to silence for an hour. */
    private static final int MAX_FRAMES = 20_000;

    private static final int TAG_HEAD = 10;
    private static final int FRAME_HEAD = 10;
    private static final byte UTF_16 = 1;

    private SilentMp3() {}

    /** In three pieces, of which the first holds the title. */
    static List<byte[]> say(String text) {
        int frames = (int) Math.min(MAX_FRAMES, 2 + text.length() * FRAMES_PER_CHARACTER);
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(tag(text));
        first.writeBytes(silence(frames - 2 * (frames / 3)));
        return List.of(first.toByteArray(), silence(frames / 3), silence(frames / 3));
    }

    /** The text of a file that was made here; empty for any other. */
    static Optional<String> title(byte[] mp3) {
        byte[] begin = "ID3\3\0".getBytes(StandardCharsets.ISO_8859_1);
        int start = TAG_HEAD + FRAME_HEAD + 1;
        boolean ours = mp3.length > start
                && Arrays.equals(mp3, 0, begin.length, begin, 0, begin.length)
                && new String(mp3, TAG_HEAD, 4, StandardCharsets.ISO_8859_1).equals("TIT2")
                && mp3[start - 1] == UTF_16;
        if (!ours) {
            return Optional.empty();
        }
        int length = ByteBuffer.wrap(mp3, TAG_HEAD + 4, 4).getInt() - 1;
        return length < 0 || length > mp3.length - start
                ? Optional.empty()
                : Optional.of(new String(mp3, start, length, StandardCharsets.UTF_16));
    }

    private static byte[] silence(int frames) {
        byte[] silence = new byte[frames * FRAME.length];
        for (int i = 0; i < frames; i++) {
            System.arraycopy(FRAME, 0, silence, i * FRAME.length, FRAME.length);
        }
        return silence;
    }

    private static byte[] tag(String text) {
        byte[] title = text.getBytes(StandardCharsets.UTF_16);
        int size = FRAME_HEAD + 1 + title.length;
        return ByteBuffer.allocate(TAG_HEAD + size)
                .put("ID3\3\0\0".getBytes(StandardCharsets.ISO_8859_1))
                // The size of the whole tag has seven bits in each byte.
                .put((byte) ((size >> 21) & 0x7F))
                .put((byte) ((size >> 14) & 0x7F))
                .put((byte) ((size >> 7) & 0x7F))
                .put((byte) (size & 0x7F))
                .put("TIT2".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(1 + title.length)
                .putShort((short) 0)
                .put(UTF_16)
                .put(title)
                .array();
    }
}
