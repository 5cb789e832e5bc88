package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.quota.Cost;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountingTest {

    @ParameterizedTest
    @CsvSource({
        "POST, /support/chat-messages, STREAM",
        "POST, /support/chat-messages/, STREAM",
        "POST, /support/completion-messages, STREAM",
        "POST, /support/workflows/run, STREAM",
        "POST, /support/workflows/3f/run, STREAM",
        "POST, /support/files/upload, REQUEST",
        "POST, /support/audio-to-text, REQUEST",
        "POST, /support/text-to-audio, REQUEST",
        "POST, /support/something/new, REQUEST",
        "POST, /support/chat-messages/3f/stop, ",
        "POST, /support/messages/3f/feedbacks, ",
        "POST, /support/conversations/3f/name, ",
        "POST, /support/form/human_input/3f, REQUEST",
        "GET, /support/workflow/3f/events, STREAM",
        "HEAD, /support/workflow/3f/events, STREAM",
        "GET, /support/parameters, ",
        "GET, /support/files/3f/preview, ",
        "GET, /support/messages, ",
        "HEAD, /support/messages, ",
        "DELETE, /support/conversations/3f, ",
        "OPTIONS, /support/chat-messages, "
    })
    void countsOfOurOwnEndpointsOnlyWhatMakesDifyWork(String method, String path, Cost cost) {
        Counting counting = Counting.of(method, Counting.OWN_SERVLET, path);
        assertThat(counting.cost()).isEqualTo(Optional.ofNullable(cost));
        if (cost != null) {
            assertThat(counting.app()).contains("support");
        }
    }

    /** Its messages count, and only they. */
    @Test
    void doesNotCountTheHandshakeOfAWebSocket() {
        assertThat(Counting.of("GET", Counting.OWN_WEBSOCKETS, "/support").cost())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET, STREAM", "POST, STREAM", "HEAD, STREAM", "BREW, STREAM", "OPTIONS, "})
    void countsEveryRequestToAnApplicationsOwnUrls(String method, Cost cost) {
        Counting counting = Counting.of(method, "report", "/x/stop");
        assertThat(counting.cost()).isEqualTo(Optional.ofNullable(cost));
        assertThat(counting.app()).isEmpty();
    }
}
