package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostStreamsTest {

    private final Settings.Problems problems = new Settings.Problems();

    private HostStreams from(Map<String, String> settings) {
        return HostStreams.from(key -> Optional.ofNullable(settings.get(key)), problems);
    }

    @Test
    void neverBlocksAndKeepsOneMebibyteByDefault() {
        assertThat(from(Map.of())).isEqualTo(new HostStreams(true, 1024 * 1024));
        assertThat(problems.messages()).isEmpty();
    }

    @Test
    void readsBothSettings() {
        assertThat(from(Map.of("dify.streaming.non-blocking", "false", "dify.streaming.buffer-bytes", "16KiB")))
                .isEqualTo(new HostStreams(false, 16 * 1024));
        assertThat(problems.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"16383", "2GiB", "many"})
    void saysWhichSizesItDoesNotTake(String value) {
        assertThat(from(Map.of("dify.streaming.buffer-bytes", value))).isEqualTo(HostStreams.DEFAULTS);
        assertThat(problems.messages())
                .singleElement()
                .asString()
                .contains("dify.streaming.buffer-bytes", "not \"" + value + "\"");
    }

    @Test
    void doesNotTakeLessByItsConstructorEither() {
        assertThatThrownBy(() -> new HostStreams(true, 16 * 1024 - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16384");
    }
}
