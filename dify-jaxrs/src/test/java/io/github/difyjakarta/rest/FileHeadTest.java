package io.github.difyjakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.Download;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileHeadTest {
    private static Download<String> file(String type, String name) {
        return new Download<>("", type, OptionalLong.empty(), Optional.of(name).filter(known -> !known.isEmpty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/JPEG", "text/plain; charset=utf-8", "audio/mpeg", "video/mp4"})
    void showsWhatCannotRun(String type) {
        FileHead head = FileHead.ofPreview(file(type, ""));
        assertThat(head.mediaType()).isEqualTo(type);
        assertThat(head.headers())
                .doesNotContainKey("Content-Disposition")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Cache-Control", "no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "image/svg+xml",
                "application/xhtml+xml",
                "text/xml",
                "text/event-stream",
                "audio/",
                ""
            })
    void hasEverythingElseSaved(String type) {
        FileHead head = FileHead.ofPreview(file(type, ""));
        assertThat(head.mediaType()).isEqualTo("application/octet-stream");
        assertThat(head.headers())
                .containsEntry("Content-Disposition", "attachment")
                .containsEntry("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    @Test
    void keepsTheNameOfWhatIsSaved() {
        FileHead head = FileHead.ofPreview(file("image/png", "Ä \"\r\nX-Evil: 1*.png"));
        assertThat(head.headers())
                .containsEntry(
                        "Content-Disposition", "attachment; filename*=UTF-8''%C3%84%20%22%0D%0AX-Evil%3A%201%2A.png");
    }

    @Test
    void takesSpeechForSpeechOnly() {
        assertThat(FileHead.ofSpeech(file("audio/wav", "")).mediaType()).isEqualTo("audio/wav");
        assertThat(FileHead.ofSpeech(file("text/html", "")).mediaType()).isEqualTo("application/octet-stream");
    }
}
