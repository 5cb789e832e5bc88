package io.github.difyjakarta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.DifyFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However often a browser's connection is cut, and whatever was on its way then, it has the same events as if it never was. */
class RandomCutsTest {
    private static final int ROUNDS = 60;
    private static final int LONGEST = 100;

    /** A browser that is slow, and loses what is on its way when its connection is cut. */
    private static final class Line implements Outlet {
        private final List<String> received;
        private final Queue<DifyFrame> gathered = new ArrayDeque<>();
        private final Queue<DifyFrame> onTheWay = new ArrayDeque<>();
        private @Nullable Runnable drained;
        private Runnable closed = () -> {};
        private boolean ended;
        private boolean endSent;

        Line(List<String> received) {
            this.received = received;
        }

        @Override
        public void event(DifyFrame frame) {
            assertThat(endSent).as("an event behind the end").isFalse();
            gathered.add(frame);
        }

        @Override
        public void flush() {
            onTheWay.addAll(gathered);
            gathered.clear();
        }

        @Override
        public void keepAlive() {
            flush();
        }

        @Override
        public void error(RelayError error) {
            assertThat(error.code()).isEqualTo("taken_over");
        }

        @Override
        public void end() {
            flush();
            endSent = true;
        }

        @Override
        public void abort() {
            throw new AssertionError("nobody is stuck here");
        }

        @Override
        public long pendingBytes() {
            return onTheWay.stream().mapToLong(DifyFrame::size).sum();
        }

        @Override
        public Duration stalledFor() {
            return Duration.ZERO;
        }

        @Override
        public void onDrained(Runnable callback) {
            drained = callback;
        }

        @Override
        public void onClosed(Runnable callback) {
            closed = callback;
        }

        /** So many events arrive. */
        void arrive(int count) {
            for (int i = 0; i < count && !onTheWay.isEmpty(); i++) {
                received.add(onTheWay.remove().json());
            }
            if (onTheWay.isEmpty()) {
                ended = endSent;
                Runnable callback = drained;
                drained = null;
                if (callback != null) {
                    callback.run();
                }
            }
        }

        void cut() {
            closed.run();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void loseNothingDoubleNothingAndKeepTheOrder(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            play(random);
        }
    }

    private static void play(Random random) {
        int count = random.nextInt(LONGEST);
        List<String> sent = new ArrayList<>();
        List<String> received = new ArrayList<>();
        FakeRun run = new FakeRun();
        long[] now = {0};
        Relay relay = new Relay(
                run,
                new Relay.Terms("id", "ada", Integer.MAX_VALUE, Duration.ofSeconds(15), EventPolicy.ALL),
                RelayConfig.DEFAULTS,
                TokenMeter.FREE,
                new Claims(new Ownership(), "ada"),
                new Indifferent(),
                () -> now[0]);
        Line line = new Line(received);
        relay.start(line);
        boolean ended = false;
        while (!line.ended) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (sent.size() < count) {
                        String json = "{\"event\":\"message\",\"task_id\":\"t\",\"answer\":\"" + sent.size() + "x"
                                + "y".repeat(random.nextInt(10) == 0 ? random.nextInt(90_000) : 20) + "\"}";
                        sent.add(json);
                        run.say(json);
                    } else if (!ended) {
                        ended = true;
                        run.end();
                    }
                }
                case 2, 3 -> line.arrive(random.nextInt(10));
                case 4 -> {
                    boolean noticed = random.nextBoolean(); // else the new connection is faster than the news
                    if (noticed) {
                        line.cut();
                    }
                    Line old = line;
                    line = new Line(received);
                    relay.attach(line, received.size());
                    if (!noticed) {
                        old.cut();
                    }
                }
                default -> {
                    if (ended) {
                        continue; // a browser that is slower than the grace would be another test
                    }
                    now[0] += Duration.ofSeconds(random.nextInt(12)).toNanos();
                    relay.tick();
                }
            }
        }
        assertThat(received).isEqualTo(sent);
        assertThat(run.isClosed()).isFalse();
    }

    private static final class Indifferent implements Relay.Listener {
        @Override
        public void onTask(Relay relay, String taskId) {}

        @Override
        public void onUnread(Relay relay) {}

        @Override
        public void onEnd(Relay relay) {}
    }
}
