package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent again, and above all what is not: a second generation is a second bill. */
class RetryTest extends ClientTest {
    static Stream<Arguments> concurrencyLimits() {
        return Stream.of(
                argumentSet(
                        "as documented",
                        Script.json(
                                429,
                                "{\"code\":\"too_many_requests\",\"message\":\"Too many requests.\",\"status\":429}")),
                argumentSet(
                        "as on the wire",
                        Script.json(
                                400,
                                "{\"code\":\"invalid_param\",\"message\":\"Too many requests. Please try again later. The current"
                                        + " maximum concurrent requests allowed for x is 1.\",\"status\":400}")));
    }

    @ParameterizedTest
    @MethodSource("concurrencyLimits")
    void asksAgainWhenDifyRefusedBeforeARunBegan(Script limit) {
        dify.next(limit);
        dify.next(limit);
        dify.next(Script.stream().event(message("one")).event(messageEnd()));
        assertThat(client().chat().ask(QUESTION).text()).isEqualTo("one");
        assertThat(posts()).hasSize(3);
    }

    @Test
    void givesUpAfterTheLastAttempt() throws Exception {
        Script limit = Script.json(429, "{\"code\":\"too_many_requests\",\"message\":\"m\",\"status\":429}");
        dify.always(limit);
        assertThat(failureOf(client().chat().stream(QUESTION))).isInstanceOf(DifyApiException.class);
        assertThat(posts()).hasSize(QUICK_RETRY.attempts());
    }

    @Test
    void neverSendsAQuestionAgainThatDifyMayHaveGot() throws Exception {
        dify.next(Script.stream().reset());
        assertThat(failureOf(client().chat().stream(QUESTION)))
                .isInstanceOfSatisfying(
                        DifyConnectionException.class,
                        failure -> assertThat(failure.runMayHaveStarted()).isTrue());
        assertThat(posts()).hasSize(1);
    }

    @Test
    void sendsAReadAgainThatFailed() {
        dify.nextAt("GET", "/parameters", Script.json(500, "{\"code\":\"unknown\",\"message\":\"m\",\"status\":500}"));
        dify.nextAt("GET", "/parameters", Script.stream().reset());
        assertThat(client().app().parameters().json().json()).contains("user_input_form");
    }

    @Test
    void doesNotSendAReadAgainThatWasRefused() {
        dify.nextAt(
                "GET", "/parameters", Script.json(403, "{\"code\":\"forbidden\",\"message\":\"m\",\"status\":403}"));
        assertThat(client().app().parametersAsync())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(DifyApiException.class);
        assertThat(dify.requests()).hasSize(1);
    }

    @Test
    void waitsLongerEachTimeAndNeverLongerThanTheMost() {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(3));
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            assertThat(policy.delay(1, Optional.empty(), random).orElseThrow())
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
            assertThat(policy.delay(2, Optional.empty(), random).orElseThrow())
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(policy.delay(3, Optional.empty(), random).orElseThrow())
                    .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(3));
        }
        assertThat(policy.delay(5, Optional.empty(), random)).isEmpty();
    }

    @Test
    void honoursWhatThePeerAskedForUpToTheMost() {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofMillis(10), Duration.ofSeconds(3));
        Random random = new Random(1);
        assertThat(policy.delay(1, Optional.of(Duration.ofSeconds(2)), random)).contains(Duration.ofSeconds(2));
        assertThat(policy.delay(1, Optional.of(Duration.ofHours(2)), random)).contains(Duration.ofSeconds(3));
    }
}
