package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leaves a server alone for a while that has failed many times in a row. After that one call is let through and tries whether it
 * answers. Shared by all clients of one app. Thread-safe.
 */
final class Breaker {
    private static final System.Logger LOGGER = System.getLogger(Breaker.class.getName());

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private final BreakerPolicy policy;
    private final Clock clock;
    private final CircuitBreaker circuit;
    private volatile Instant openUntil;

    /**
     * @param clock that nobody sets
     */
    Breaker(BreakerPolicy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
        this.openUntil = clock.instant();
        this.circuit = CircuitBreaker.of(
                "dify",
                CircuitBreakerConfig.custom()
                        // All of the last so many: failures in a row.
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(policy.failures())
                        .minimumNumberOfCalls(policy.failures())
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(policy.delay())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .clock(clock)
                        .build());
        circuit.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    private void changed(StateTransition transition) {
        if (transition.getToState() == State.OPEN) {
            openUntil = clock.instant().plus(policy.delay());
        }
        switch (transition) {
            case CLOSED_TO_OPEN ->
                LOGGER.log(
                        Level.WARNING,
                        "Dify has failed {0} times in a row: calls are refused, and one in {1} tries whether it"
                                + " answers again",
                        policy.failures(),
                        policy.delay());
            case HALF_OPEN_TO_CLOSED -> LOGGER.log(Level.INFO, "Dify answers again: calls are no longer refused");
            default -> LOGGER.log(Level.DEBUG, "{0}", transition);
        }
    }

    /** Lets a call through, or not. */
    Optional<Pass> pass() {
        if (!policy.enabled() || circuit.tryAcquirePermission()) {
            return Optional.of(new Pass(circuit.getState() == State.HALF_OPEN));
        }
        return Optional.empty();
    }

    /** What a call fails with that was not let through. */
    DifyConnectionException refusal() {
        Duration left = Duration.between(clock.instant(), openUntil);
        return DifyConnectionException.unavailable(left.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : left);
    }

    /** One call that was let through, and tells once how it went. */
    final class Pass {
        private final boolean probe;
        private final AtomicBoolean told = new AtomicBoolean();

        private Pass(boolean probe) {
            this.probe = probe;
        }

        /** The server has begun to answer: nobody needs to wait for the end of that to know that it lives. */
        void answering() {
            if (probe && told.compareAndSet(false, true)) {
                circuit.onSuccess(0, TimeUnit.NANOSECONDS);
            }
        }

        /** It is over. */
        void ended(Health health) {
            if (!policy.enabled()) {
                return;
            }
            boolean first = told.compareAndSet(false, true);
            switch (health) {
                // Which failure it is does not matter to the library; it wants one.
                case FAILED -> circuit.onError(0, TimeUnit.NANOSECONDS, refusal());
                case ANSWERED -> {
                    if (first) {
                        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
                    }
                }
                case UNKNOWN -> {
                    if (first && probe) {
                        circuit.releasePermission(); // the next one tries in its place
                    }
                }
            }
        }
    }
}
