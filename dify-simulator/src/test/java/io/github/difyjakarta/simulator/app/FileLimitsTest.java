package io.github.difyjakarta.simulator.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileLimitsTest {

    @ParameterizedTest
    @CsvSource({"png,10", "svg,10", "mp3,50", "wav,50", "mp4,100", "webm,100", "pdf,15", "exe,15", "'',15"})
    void limitsFilesByTheirKind(String extension, int megabytes) {
        assertThat(Files.limit(extension)).isEqualTo(megabytes * 1024 * 1024);
    }
}
