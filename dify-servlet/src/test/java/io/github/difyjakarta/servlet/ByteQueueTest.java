package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteQueueTest {

    private final ByteQueue queue = new ByteQueue();

    private void write(String text) {
        queue.write(text.getBytes(UTF_8), 0, text.length());
    }

    private String take(int max) {
        ByteQueue.Piece piece = queue.take(max);
        return piece == null ? "" : new String(piece.bytes, piece.from, piece.length(), UTF_8);
    }

    @Test
    void keepsAnUnfinishedFrameBack() {
        write("data: 1\n\ndata: 2");
        queue.endFrames();
        assertThat(take(100)).isEqualTo("data: 1\n\n");
        assertThat(take(100)).isEmpty();
        assertThat(queue.size()).isEqualTo(7);
        write("\n\n");
        queue.endFrames();
        assertThat(take(100)).isEqualTo("data: 2\n\n");
        assertThat(queue.size()).isZero();
    }

    @Test
    void putsAWholeFrameBeforeAnUnfinishedOne() {
        write("data: half");
        queue.addReady("data: direct\n\n".getBytes(UTF_8));
        write(" whole\n\n");
        queue.endFrames();
        assertThat(take(100)).isEqualTo("data: direct\n\ndata: half whole\n\n");
    }

    @Test
    void givesNoMoreThanAskedFor() {
        write("0123456789");
        queue.endAll();
        assertThat(take(4)).isEqualTo("0123");
        write("ab");
        queue.endAll();
        assertThat(take(4)).isEqualTo("4567");
        assertThat(take(4)).isEqualTo("89ab");
        assertThat(queue.hasReady()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'a\\n\\n', 3",
        "'a\\r\\n\\r\\n', 5",
        "'a\\r\\r', 3",
        "'a\\r\\n', 0",
        "'a\\n', 0",
        "'a\\n\\nb\\n', 3",
        "'\\n\\n', 2",
        "'a\\n\\r\\nb', 4",
        "'', 0"
    })
    void findsTheEndOfTheLastFrame(String escaped, int end) {
        byte[] bytes = escaped.replace("\\n", "\n").replace("\\r", "\r").getBytes(UTF_8);
        assertThat(ByteQueue.endOfLastFrame(bytes, 0, bytes.length)).isEqualTo(end);
    }

    @Test
    void givesBackExactlyWhatWasWrittenInAnyRhythm() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            for (int step = 0; step < 100; step++) {
                byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 50_000 : 300)];
                random.nextBytes(bytes);
                queue.write(bytes, 0, bytes.length);
                written.writeBytes(bytes);
                queue.endAll();
                ByteQueue.Piece piece = random.nextBoolean() ? queue.take(1 + random.nextInt(40_000)) : null;
                if (piece != null) {
                    taken.write(piece.bytes, piece.from, piece.length());
                }
                assertThat(queue.size()).isEqualTo(written.size() - taken.size());
            }
            for (ByteQueue.Piece piece = queue.take(32_768); piece != null; piece = queue.take(32_768)) {
                taken.write(piece.bytes, piece.from, piece.length());
            }
            assertThat(taken.toByteArray()).isEqualTo(written.toByteArray());
        }
    }
}
