package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndsTest {
    @Test
    void findsWhatALookAtEachByteFinds() {
        byte[] alphabet = "ab\t\u000b\u000e\0é😀\u00ff\r\n".getBytes(UTF_8);
        Random random = new Random(20_260_102);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(8) == 0 ? alphabet[random.nextInt(alphabet.length)] : (byte) 'x';
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            assertThat(LineEnds.find(bytes, from, to)).as("round %d", round).isEqualTo(naive(bytes, from, to));
        }
    }

    @Test
    void takesNoByteButTwoForAnEnd() {
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            byte[] bytes = {1, 1, 1, (byte) value, 1, 1, 1, 1, 1};
            assertThat(LineEnds.find(bytes, 0, 9)).isEqualTo(value == '\n' || value == '\r' ? 3 : 9);
        }
    }

    private static int naive(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }
}
