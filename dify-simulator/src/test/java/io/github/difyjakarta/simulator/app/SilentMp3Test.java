package io.github.difyjakarta.simulator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilentMp3Test {

    /** What the head of each frame says: 72 × 8000 bit/s ÷ 22 050 Hz. */
    private static final int FRAME = 26;

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "Hello there. How are you?", "Grüße, 你好 📦"})
    void isATagWithTheTextAndThenNothingButFrames(String text) {
        byte[] mp3 = said(text);
        assertThat(SilentMp3.title(mp3)).contains(text);
        int position = 10 + ((mp3[6] << 21) | (mp3[7] << 14) | (mp3[8] << 7) | mp3[9]);
        int frames = 0;
        for (; position < mp3.length; position += FRAME) {
            assertThat(Arrays.copyOfRange(mp3, position, position + 4)).containsExactly(0xFF, 0xF3, 0x10, 0xC0);
            frames++;
        }
        assertThat(position).isEqualTo(mp3.length);
        assertThat(frames).isEqualTo((int) (2 + text.length() * 2.5));
    }

    @Test
    void endsEvenForATextWithoutEnd() {
        assertThat(said("word ".repeat(100_000))).hasSizeLessThan(2_000_000);
    }

    @Test
    void hasNoTitleWhereItWasNotMadeHere() {
        byte[] mp3 = said("Hello");
        assertThat(SilentMp3.title(new byte[0])).isEmpty();
        assertThat(SilentMp3.title(new byte[1000])).isEmpty();
        for (int length = 0; length < 30; length++) {
            assertThat(SilentMp3.title(Arrays.copyOf(mp3, length))).isEmpty();
        }
        mp3[14] = (byte) 0xFF;
        assertThat(SilentMp3.title(mp3)).isEmpty();
    }

    private static byte[] said(String text) {
        ByteArrayOutputStream mp3 = new ByteArrayOutputStream();
        SilentMp3.say(text).forEach(mp3::writeBytes);
        return mp3.toByteArray();
    }
}
