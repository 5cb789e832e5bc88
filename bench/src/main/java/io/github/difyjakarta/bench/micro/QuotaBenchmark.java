package io.github.difyjakarta.bench.micro;

import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Decision;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.RateLimitHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whether somebody may go on, in nanoseconds a decision: in memory, among 50,000 users who come in turns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QuotaBenchmark {
    private static final int USERS = 50_000;
    private static final long MANY = Limits.MOST;
    private static final Optional<String> APP = Optional.of("support");

    /** Every limit there is, none of them near. */
    private static final Limits ALL = new Limits(MANY, MANY, MANY, MANY);

    private final Quotas quotas =
            Quotas.inMemory(QuotaConfig.DEFAULTS.withUser(ALL).withGlobal(ALL).withApps(Map.of("support", ALL)));
    private final Quotas simple = Quotas.inMemory(QuotaConfig.DEFAULTS
            .withUser(QuotaConfig.DEFAULTS.user().withRequestsPerMinute(MANY))
            .withGlobal(Limits.NONE.withRequestsPerMinute(MANY)));
    private final Quotas small = Quotas.inMemory(QuotaConfig.DEFAULTS.withUser(Limits.NONE.withRequestsPerDay(1)));
    private final RateLimitHeaders headers = new RateLimitHeaders(false);
    private final String[] names = new String[USERS];
    private int next;

    /** Everybody has come once. */
    @Setup
    public void fill() {
        for (int i = 0; i < USERS; i++) {
            names[i] = "user" + i + "@example.org";
        }
        for (int i = 0; i < USERS; i++) {
            everyLimit();
            outOfTheBox();
        }
        decide(small, "ada", Optional.empty());
    }

    private static Decision decide(Quotas quotas, String name, Optional<String> app) {
        Decision decision = quotas.admit(quotas.caller(name, role -> false), app, Cost.STREAM);
        if (decision instanceof Admission admission) {
            admission.close();
        }
        return decision;
    }

    private String name() {
        next = (next + 1) % USERS;
        return names[next];
    }

    /** The kinds of limits that there are out of the box: admitted, and over. */
    @Benchmark
    public Decision outOfTheBox() {
        return decide(simple, name(), Optional.empty());
    }

    /** All limits of a user, an app and all together. */
    @Benchmark
    public Decision everyLimit() {
        return decide(quotas, name(), APP);
    }

    /** The same, and what the answer says of it. */
    @Benchmark
    public List<Map.Entry<String, String>> everyLimitWithHeaders() {
        return headers.of(everyLimit());
    }

    /** Somebody who may not. */
    @Benchmark
    public Decision refused() {
        return decide(small, "ada", Optional.empty());
    }
}
