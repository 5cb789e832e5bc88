package io.github.difyjakarta.client.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.error.DifyConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Duration DELAY = Duration.ofSeconds(10);

    private final SetClock clock = new SetClock();
    private final Breaker breaker = new Breaker(new BreakerPolicy(true, 3, DELAY), clock);

    private static final class SetClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private Breaker.Pass pass() {
        return breaker.pass().orElseThrow(() -> new AssertionError("refused"));
    }

    private void end(Health... calls) {
        for (Health health : calls) {
            pass().ended(health);
        }
    }

    private void open() {
        end(Health.FAILED, Health.FAILED, Health.FAILED);
        assertThat(breaker.pass()).isEmpty();
    }

    @Test
    void refusesAfterSoManyFailuresInARow() {
        end(Health.FAILED, Health.FAILED);
        end(Health.ANSWERED);
        end(Health.FAILED, Health.FAILED);
        assertThat(breaker.pass()).isPresent();
        end(Health.FAILED);
        assertThat(breaker.pass()).isEmpty();
    }

    @Test
    void whoGaveUpIsNeitherAFailureNorASuccess() {
        end(Health.FAILED, Health.UNKNOWN, Health.FAILED, Health.UNKNOWN);
        assertThat(breaker.pass()).isPresent();
        end(Health.FAILED);
        assertThat(breaker.pass()).isEmpty();
    }

    @Test
    void saysWhenToComeBack() {
        open();
        assertThat(breaker.refusal().retryAfter()).contains(DELAY);
        assertThat(breaker.refusal().code()).isEqualTo(DifyConnectionException.UNAVAILABLE);
        clock.pass(Duration.ofSeconds(4));
        assertThat(breaker.refusal().retryAfter()).contains(Duration.ofSeconds(6));
        clock.pass(Duration.ofMillis(5_900));
        assertThat(breaker.refusal().retryAfter()).as("never 0").contains(Duration.ofSeconds(1));
    }

    @Test
    void letsOneTryAfterAWhileWhoseSuccessLetsAllThrough() {
        open();
        clock.pass(DELAY);
        assertThat(breaker.pass()).isEmpty();
        clock.pass(Duration.ofMillis(1));
        Breaker.Pass probe = pass();
        assertThat(breaker.pass()).as("while one tries").isEmpty();
        assertThat(breaker.refusal().retryAfter()).contains(Duration.ofSeconds(1));
        probe.ended(Health.ANSWERED);
        end(Health.ANSWERED, Health.FAILED, Health.FAILED);
        assertThat(breaker.pass()).isPresent();
    }

    @Test
    void aProbeThatFailsBeginsAnotherWhile() {
        open();
        clock.pass(DELAY.plusMillis(1));
        pass().ended(Health.FAILED);
        assertThat(breaker.pass()).isEmpty();
        assertThat(breaker.refusal().retryAfter()).contains(DELAY);
    }

    @Test
    void aProbeThatIsGivenUpLeavesItsTurnToTheNext() {
        open();
        clock.pass(DELAY.plusMillis(1));
        pass().ended(Health.UNKNOWN);
        Optional<Breaker.Pass> next = breaker.pass();
        assertThat(next).isPresent();
        assertThat(breaker.pass()).isEmpty();
    }

    @Test
    void aStreamThatTriesIsASuccessAsSoonAsItBegins() {
        open();
        clock.pass(DELAY.plusMillis(1));
        Breaker.Pass probe = pass();
        probe.answering();
        assertThat(breaker.pass()).isPresent();
        probe.ended(Health.ANSWERED);
        assertThat(breaker.pass()).isPresent();
    }

    @Test
    void aStreamThatBreaksOffIsAFailureHoweverItBegan() {
        for (int i = 0; i < 3; i++) {
            Breaker.Pass stream = pass();
            stream.answering();
            stream.ended(Health.FAILED);
        }
        assertThat(breaker.pass()).isEmpty();
    }

    @Test
    void letsEverythingThroughWhereItIsOff() {
        Breaker off = new Breaker(BreakerPolicy.OFF, clock);
        for (int i = 0; i < 50; i++) {
            off.pass().orElseThrow().ended(Health.FAILED);
        }
        assertThat(off.pass()).isPresent();
    }
}
