package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quotas and a naive model, which counts in fractions and knows nothing of stores, get the same random schedule. */
class RandomScheduleTest {

    private static final int STEPS = 20_000;

    /** Something that comes back evenly, exact: counted in units of which a whole one has as many as its window has nanoseconds. */
    private static final class Level {
        private final BigInteger capacity;
        private final BigInteger one;
        private final long refill;
        private BigInteger level;
        private long at;

        Level(long limit, Duration window, long now) {
            this.one = BigInteger.valueOf(window.toNanos());
            this.capacity = one.multiply(BigInteger.valueOf(limit));
            this.refill = limit;
            this.level = capacity;
            this.at = now;
        }

        Level at(long now) {
            BigInteger more = BigInteger.valueOf(now - at).multiply(BigInteger.valueOf(refill));
            level = level.add(more).min(capacity);
            at = now;
            return this;
        }

        boolean has(long amount) {
            return level.compareTo(one.multiply(BigInteger.valueOf(amount))) >= 0;
        }

        void take(long amount) {
            level = level.subtract(one.multiply(BigInteger.valueOf(amount))).min(capacity);
        }

        long whole() {
            return Math.max(0, level.divide(one).longValue());
        }
    }

    /** Of one user, or of all. */
    private static final class Model {
        final Level minute;
        final Level day;
        final Level tokens;
        final long streams;
        int running;

        Model(Limits limits, long now) {
            minute = new Level(limits.requestsPerMinute(), Duration.ofMinutes(1), now);
            day = new Level(limits.requestsPerDay(), Duration.ofDays(1), now);
            tokens = new Level(limits.tokensPerDay(), Duration.ofDays(1), now);
            streams = limits.streams();
        }

        boolean hasRequest(long now) {
            return minute.at(now).has(1) && day.at(now).has(1);
        }

        void takeRequest() {
            minute.take(1);
            day.take(1);
        }
    }

    private record Stream(Model user, Admission admission) {}

    private record Answer(Model user, Charge charge, long ofUser, long ofAll) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithANaiveModelOnEveryStepOfARandomSchedule(long seed) {
        Random random = new Random(seed);
        Limits limits = new Limits(
                1 + random.nextInt(30), 20 + random.nextInt(500), 1 + random.nextInt(4), 2_000 + random.nextInt(9_000));
        Limits global = new Limits(
                1 + random.nextInt(60),
                50 + random.nextInt(900),
                1 + random.nextInt(9),
                2_500 + random.nextInt(30_000));
        ManualTime time = new ManualTime();
        Quotas quotas = Quotas.inMemory(
                QuotaConfig.DEFAULTS.withUser(limits).withGlobal(global).withTokenReservation(500), time);
        Model all = new Model(global, time.getAsLong());
        Map<String, Model> users = new HashMap<>();
        List<Stream> streams = new ArrayList<>();
        Deque<Answer> answers = new ArrayDeque<>();
        int admitted = 0;
        int refused = 0;
        for (int step = 0; step < STEPS; step++) {
            String name = "user" + random.nextInt(4);
            Model user = users.computeIfAbsent(name, absent -> new Model(limits, time.getAsLong()));
            switch (random.nextInt(8)) {
                case 0 -> time.advance(Duration.ofNanos(random.nextLong(20_000_000_000L)));
                case 1 ->
                    time.advance(
                            random.nextInt(20) == 0
                                    ? Duration.ofHours(1 + random.nextInt(40))
                                    : Duration.ofMillis(random.nextInt(500)));
                case 2 -> end(streams, all, random);
                case 3 -> pay(answers, all, time.getAsLong(), random);
                default -> {
                    boolean stream = random.nextBoolean();
                    Decision decision = quotas.admit(
                            quotas.caller(name, role -> false), Optional.empty(), stream ? Cost.STREAM : Cost.REQUEST);
                    boolean expected = expected(user, all, stream, time.getAsLong());
                    assertThat(decision instanceof Admission)
                            .as("step %d", step)
                            .isEqualTo(expected);
                    assertThat(decision.standings().get(0).remaining())
                            .as("left at step %d", step)
                            .isEqualTo(user.minute.at(time.getAsLong()).whole() - (expected ? 1 : 0));
                    if (decision instanceof Admission admission) {
                        admitted++;
                        user.takeRequest();
                        all.takeRequest();
                        if (stream) {
                            user.running++;
                            all.running++;
                            streams.add(new Stream(user, admission));
                        }
                        reserve(admission, user, all, limits, global, answers, time.getAsLong(), step);
                    } else if (decision instanceof Refusal refusal) {
                        refused++;
                        retry(quotas, name, user, all, refusal, time);
                    }
                }
            }
        }
        assertThat(admitted).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
        while (!streams.isEmpty()) {
            end(streams, all, random);
        }
        assertThat(quotas.running()).isZero();
    }

    private static boolean expected(Model user, Model all, boolean stream, long now) {
        boolean place = !stream || (user.running < user.streams && all.running < all.streams);
        return place && user.hasRequest(now) && all.hasRequest(now);
    }

    private static void end(List<Stream> streams, Model all, Random random) {
        if (!streams.isEmpty()) {
            Stream ended = streams.remove(random.nextInt(streams.size()));
            ended.admission().close();
            ended.user().running--;
            all.running--;
        }
    }

    private static void reserve(
            Admission admission,
            Model user,
            Model all,
            Limits limits,
            Limits global,
            Deque<Answer> answers,
            long now,
            int step) {
        long ofUser = Math.min(500, limits.tokensPerDay());
        long ofAll = Math.min(500, global.tokensPerDay());
        boolean expected = user.tokens.at(now).has(ofUser) && all.tokens.at(now).has(ofAll);
        TokenDecision decision = admission.reserveTokens(0);
        assertThat(decision instanceof Charge).as("tokens at step %d", step).isEqualTo(expected);
        if (decision instanceof Charge charge) {
            user.tokens.take(ofUser);
            all.tokens.take(ofAll);
            answers.add(new Answer(user, charge, ofUser, ofAll));
        }
    }

    private static void pay(Deque<Answer> answers, Model all, long now, Random random) {
        Answer answer = answers.poll();
        if (answer == null) {
            return;
        }
        long cost =
                switch (random.nextInt(4)) {
                    case 0 -> {
                        answer.charge().refund();
                        yield 0;
                    }
                    case 1 -> {
                        int characters = random.nextInt(6_000);
                        answer.charge().estimate(characters);
                        yield Math.max(500, (characters + 2) / 3);
                    }
                    case 2 -> {
                        answer.charge().settle(-random.nextInt(5), 0);
                        yield 500;
                    }
                    default -> {
                        int tokens = 1 + random.nextInt(3_000);
                        answer.charge().settle(tokens, 0);
                        yield tokens;
                    }
                };
        answer.charge().settle(1_000_000, 1_000_000); // the second payment of an answer is none
        answer.user().tokens.at(now).take(cost - answer.ofUser());
        all.tokens.at(now).take(cost - answer.ofAll());
    }

    /** After exactly Retry-After a request of the same user passes, if it was only the user's own rate that refused it. */
    private static void retry(Quotas quotas, String name, Model user, Model all, Refusal refusal, ManualTime time) {
        boolean own = refusal.violated().stream().allMatch(policy -> policy.startsWith("requests-"));
        if (!own || refusal.retryAfter() > 60) {
            return;
        }
        time.advance(Duration.ofSeconds(refusal.retryAfter()));
        boolean room = all.hasRequest(time.getAsLong());
        Decision again = quotas.admit(quotas.caller(name, role -> false), Optional.empty(), Cost.REQUEST);
        assertThat(again instanceof Admission).isEqualTo(room);
        assertThat(user.hasRequest(time.getAsLong())).isTrue();
        if (room) {
            user.takeRequest();
            all.takeRequest();
        }
    }
}
