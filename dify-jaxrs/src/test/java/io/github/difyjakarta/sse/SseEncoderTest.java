package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseEncoderTest {
    @Test
    void writesOneLineOfDataAsOneFrame() {
        assertThat(text(SseEncoder.data("{}".getBytes(UTF_8)))).isEqualTo("data: {}\n\n");
        assertThat(text(SseEncoder.data(7, "{}".getBytes(UTF_8)))).isEqualTo("id: 7\ndata: {}\n\n");
    }

    @Test
    void numbersSeveralEventsFromTheFirstOn() {
        assertThat(text(SseEncoder.data(9, List.of("{}".getBytes(UTF_8), "[]".getBytes(UTF_8)))))
                .isEqualTo("id: 9\ndata: {}\n\nid: 10\ndata: []\n\n");
    }

    @Test
    void writesACommentAsOneLine() {
        assertThat(text(SseEncoder.comment("a\r\ndata: b"))).isEqualTo(": a  data: b\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a\nb", "a\rb", "a\r\nb", "\n", "a\n\ndata: forged\n\n", "\u20ac"})
    void isReadBackAsTheSameTextByADecoder(String data) {
        List<String> read = new ArrayList<>();
        new SseDecoder(1000, event -> read.add(event.data()))
                .feed(ByteBuffer.wrap(SseEncoder.data(data.getBytes(UTF_8))));
        assertThat(read).containsExactly(data.replace("\r\n", "\n").replace('\r', '\n'));
    }

    private static String text(byte[] frame) {
        return new String(frame, UTF_8);
    }
}
