package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.difyjakarta.client.app.AppParameters.UploadLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadRulesTest {
    private static final UploadLimits LIMITS = new UploadLimits(15, 10, 50, 0, 10);
    private static final UploadRules ANYTHING = new UploadRules(Set.of(), Set.of(), LIMITS);

    private static FileContent content(String beginning) throws IOException {
        return FileContent.of(new ByteArrayInputStream(beginning.getBytes(ISO_8859_1)), 1000);
    }

    @ParameterizedTest
    @CsvSource({"txt, 15", "exe, 15", "svg, 10", "mp3, 50"})
    void theLimitIsThatOfTheKindByTheExtension(String extension, long megabytes) throws IOException {
        assertThat(ANYTHING.most(extension, content("x"))).isEqualTo(megabytes << 20);
    }

    @Test
    void whereDifyNamesNoLimitThereIsNone() throws IOException {
        assertThat(ANYTHING.most("mp4", content("x"))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void takesTheTypesThatTheAppNames() throws IOException {
        UploadRules rules = new UploadRules(Set.of("document", "custom"), Set.of("log"), LIMITS);
        assertThat(rules.most("txt", content("x"))).isPositive();
        assertThat(rules.most("log", content("x"))).isPositive();
        assertUnsupported(rules, "mp3", "x");
    }

    @ParameterizedTest
    @CsvSource({
        "png, <html>",
        "jpg, <html>",
        "jpeg, ''",
        "gif, GIF",
        "webp, RIFFxxxxWAVE",
        "pdf, %!PS",
        "png, PNG",
    })
    void refusesPicturesThatAreNone(String extension, String beginning) {
        assertUnsupported(ANYTHING, extension, beginning);
    }

    @ParameterizedTest
    @CsvSource({"png, \u0089PNG", "jpeg, \u00ff\u00d8\u00ff\u00e0", "gif, GIF89a", "webp, RIFFxxxxWEBP", "pdf, %PDF-1.7"
    })
    void takesPicturesThatBeginAsTheyShould(String extension, String beginning) throws IOException {
        assertThat(ANYTHING.most(extension, content(beginning))).isPositive();
    }

    @Test
    void theExtensionIsWhatFollowsTheLastDot() {
        assertThat(UploadRules.extension("a.b.PNG")).isEqualTo("png");
        assertThat(UploadRules.extension("a")).isEmpty();
        assertThat(UploadRules.extension("a.")).isEmpty();
    }

    private static void assertUnsupported(UploadRules rules, String extension, String beginning) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> rules.most(extension, content(beginning)))
                .satisfies(problem -> {
                    assertThat(problem.error().status()).isEqualTo(415);
                    assertThat(problem.error().code()).isEqualTo("unsupported_file_type");
                });
    }
}
