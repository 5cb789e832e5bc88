package io.github.difyjakarta.client.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.json.DifyJson;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HealthTest {
    private static Stream<Arguments> failures() {
        return Stream.of(
                failure("500", api(500), Health.FAILED),
                failure("503", api(503), Health.FAILED),
                failure("400", api(400), Health.ANSWERED),
                failure("429", api(429), Health.ANSWERED),
                failure("a run that failed", api(0), Health.ANSWERED),
                failure("no connection", broken(DifyConnectionException.UNREACHABLE), Health.FAILED),
                failure("too late", broken(DifyConnectionException.TIMEOUT), Health.FAILED),
                failure("a page", broken(DifyConnectionException.NOT_DIFY), Health.FAILED),
                failure("our own queue", broken(DifyConnectionException.BUSY), Health.UNKNOWN),
                failure("given up", broken(DifyConnectionException.CANCELLED), Health.UNKNOWN),
                failure("an upload of the caller's", broken(DifyConnectionException.UNREADABLE), Health.UNKNOWN),
                failure("refused by this", broken(DifyConnectionException.UNAVAILABLE), Health.UNKNOWN),
                failure("an old server", new DifyUnsupportedException("x", "1.4.0", Optional.empty()), Health.ANSWERED),
                failure("a cancelled future", new CancellationException(), Health.UNKNOWN),
                failure("wrapped", new CompletionException(api(502)), Health.FAILED));
    }

    private static Arguments failure(String name, Throwable failure, Health health) {
        return argumentSet(name, failure, health);
    }

    private static DifyException api(int status) {
        return new DifyApiException(status, "x", "", DifyApiException.Reply.NONE);
    }

    private static DifyException broken(String code) {
        return new DifyConnectionException(code, "", false);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsByTheFailure(Throwable failure, Health health) {
        assertThat(Health.of(null, failure, false)).isEqualTo(health);
    }

    private static Stream<Arguments> results() {
        return Stream.of(
                argumentSet("a document", DifyJson.EMPTY, Health.ANSWERED),
                argumentSet("nothing", null, Health.ANSWERED),
                argumentSet("whole", new Outcome.Completed(), Health.ANSWERED),
                argumentSet("stopped", new Outcome.Stopped(), Health.ANSWERED),
                argumentSet("a failed run", new Outcome.Failed(0, "workflow_failed", ""), Health.ANSWERED),
                argumentSet(
                        "a model's refusal", new Outcome.Failed(400, "completion_request_error", ""), Health.ANSWERED),
                argumentSet("an error inside", new Outcome.Failed(500, "internal_server_error", ""), Health.FAILED),
                argumentSet("truncated", new Outcome.Truncated(DifyStreamException.TRUNCATED), Health.FAILED),
                argumentSet("cut", new Outcome.Truncated(DifyStreamException.CLOSED), Health.FAILED),
                argumentSet("silent", new Outcome.Truncated(DifyStreamException.IDLE), Health.FAILED),
                argumentSet("too long", new Outcome.Truncated(DifyStreamException.TOTAL_TIMEOUT), Health.UNKNOWN),
                argumentSet("read too slowly", new Outcome.Truncated(DifyStreamException.SLOW_READER), Health.UNKNOWN),
                argumentSet("shut down", new Outcome.Truncated(DifyStreamException.SHUTTING_DOWN), Health.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("results")
    void tellsByTheResult(@Nullable Object result, Health health) {
        assertThat(Health.of(result, null, false)).isEqualTo(health);
    }

    @Test
    void whatAnEndLooksLikeAfterItsReaderLeftTellsNothing() {
        Outcome cut = new Outcome.Truncated(DifyStreamException.TRUNCATED);
        assertThat(Health.of(cut, null, true)).isEqualTo(Health.UNKNOWN);
        assertThat(Health.of(new Outcome.Stopped(), null, true)).isEqualTo(Health.ANSWERED);
    }
}
