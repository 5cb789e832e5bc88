package io.github.difyjakarta.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RelayErrorTest {
    static Stream<Arguments> refusals() {
        return Stream.of(
                argumentSet("our key", 401, "unauthorized", 502, "upstream_refused_key"),
                argumentSet("our app", 403, "forbidden", 502, "upstream_refused_key"),
                argumentSet("Dify's rate limit", 429, "rate_limit_error", 503, "upstream_rate_limited"),
                argumentSet("Dify's concurrency limit", 429, "too_many_requests", 503, "upstream_busy"),
                argumentSet("what the browser sent", 400, "invalid_param", 400, "invalid_param"),
                argumentSet("what the browser meant", 404, "not_found", 404, "not_found"),
                argumentSet("an upload too large", 413, "file_too_large", 413, "file_too_large"),
                argumentSet("Dify's failure", 500, "internal_server_error", 502, "upstream_error"),
                argumentSet("a proxy's failure", 524, "http_524", 502, "upstream_error"),
                argumentSet("no status at all", 0, "workflow_failed", 502, "upstream_error"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void tellsTheBrowserWhoseFaultItIs(int status, String code, int told, String toldCode) {
        RelayError error = RelayError.ofRefusal(status, code, "secret detail", Optional.empty());
        assertThat(error.status()).isEqualTo(told);
        assertThat(error.code()).isEqualTo(toldCode);
        if (told != status) {
            assertThat(error.message()).doesNotContain("secret detail");
        }
    }

    @Test
    void keepsDifysHintAtItsOwnPathsToItself() {
        String hinted =
                "Conversation Not Exists. You have requested this URI [/v1/messages] but did you mean /v1/messages or"
                        + " /v1/chat-messages ?";
        assertThat(RelayError.ofRefusal(404, "not_found", hinted, Optional.empty())
                        .message())
                .isEqualTo("Conversation Not Exists.");
    }

    @Test
    void saysWhenAServerThatIsLeftAloneWillBeAskedAgain() {
        RelayError error = RelayError.of(DifyConnectionException.unavailable(Duration.ofSeconds(7)));
        assertThat(error.status()).isEqualTo(503);
        assertThat(error.code()).isEqualTo("upstream_unavailable");
        assertThat(error.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(error.retryable()).isTrue();
    }

    @Test
    void saysOfAnOldServerThatItHasNoSuchThing() {
        RelayError error = RelayError.of(new DifyUnsupportedException("GET /site", "1.4.0", Optional.of("1.3.1")));
        assertThat(error.status()).isEqualTo(404);
        assertThat(error.code()).isEqualTo("not_supported");
        assertThat(error.message()).doesNotContain("1.3.1");
    }

    @Test
    void keepsWhatItAsksClientsToWaitWithinReason() {
        assertThat(RelayError.ofRefusal(429, "x", "", Optional.of(Duration.ZERO))
                        .retryAfter())
                .contains(Duration.ofSeconds(1));
        assertThat(RelayError.ofRefusal(429, "x", "", Optional.of(Duration.ofDays(9)))
                        .retryAfter())
                .contains(Duration.ofMinutes(5));
    }

    @Test
    void saysTheSameInAProblemAndInAnEvent() {
        RelayError error = RelayError.temporary(503, "upstream_busy", "Busy \"now\"");
        assertThat(new String(error.toProblem(), UTF_8))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"upstream_busy\",\"detail\":\"Busy"
                        + " \\\"now\\\"\",\"code\":\"upstream_busy\",\"message\":\"Busy"
                        + " \\\"now\\\"\",\"status\":503,\"retryable\":true}");
        assertThat(new String(error.toEvent(), UTF_8))
                .isEqualTo("{\"event\":\"error\",\"status\":503,\"code\":\"upstream_busy\","
                        + "\"message\":\"Busy \\\"now\\\"\",\"retryable\":true}");
    }

    @Test
    void namesWhatIsNotConfigured() {
        RelayError error = RelayError.of(new DifyConfigurationException("dify.api-key is missing"));
        assertThat(error.status()).isEqualTo(503);
        assertThat(error.message()).contains("dify.api-key is missing");
    }

    @Test
    void tellsNothingOfAFailureOfOurOwn() {
        RelayError error = RelayError.of(new IllegalStateException("jdbc:secret"));
        assertThat(error.status()).isEqualTo(500);
        assertThat(error.message()).doesNotContain("secret");
    }
}
