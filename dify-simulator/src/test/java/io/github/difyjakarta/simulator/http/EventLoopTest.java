package io.github.difyjakarta.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();

    @Test
    void runsTimersInOrderAndNotTheCancelledOnes() throws Exception {
        try (EventLoop loop = new EventLoop()) {
            loop.start();
            loop.execute(() -> {
                // Of one moment: delays would count from when each is scheduled, however long that takes.
                long now = System.nanoTime();
                loop.at(now + MILLISECOND * 60, () -> happened.add("third"));
                loop.at(now + MILLISECOND * 30, () -> happened.add("second"));
                EventLoop.Timer never = loop.at(now + MILLISECOND * 10, () -> happened.add("never"));
                loop.at(now, () -> happened.add("first"));
                happened.add(never.cancel() + " " + never.cancel());
            });
            assertThat(List.of(next(), next(), next(), next()))
                    .containsExactly("true false", "first", "second", "third");
        }
    }

    @Test
    void runsATimerWhenItsDelayIsOverAndNotBefore() throws Exception {
        try (EventLoop loop = new EventLoop()) {
            loop.start();
            loop.execute(() -> {
                long start = System.nanoTime();
                loop.schedule(Duration.ofMillis(30), () -> happened.add(Long.toString(System.nanoTime() - start)));
            });
            assertThat(Long.parseLong(next())).isGreaterThanOrEqualTo(MILLISECOND * 30);
        }
    }

    @Test
    void forgetsCancelledTimersInGreatNumbers() throws Exception {
        try (EventLoop loop = new EventLoop()) {
            loop.start();
            loop.execute(() -> {
                loop.schedule(Duration.ofMillis(50), () -> happened.add("kept"));
                for (int i = 0; i < 100_000; i++) {
                    loop.schedule(Duration.ofHours(1), () -> happened.add("never"))
                            .cancel();
                }
                happened.add(Integer.toString(loop.pendingTimers()));
            });
            assertThat(Integer.parseInt(next())).isLessThan(2_002);
            assertThat(next()).isEqualTo("kept");
        }
    }

    @Test
    void goesOnAfterATaskThatFails() throws Exception {
        try (EventLoop loop = new EventLoop()) {
            loop.start();
            loop.execute(() -> {
                throw new IllegalStateException("expected in this test's output");
            });
            loop.execute(() -> happened.add("next"));
            assertThat(next()).isEqualTo("next");
        }
    }

    @Test
    void runsWhatWasHandedInBeforeItIsClosedAndNothingAfter() throws Exception {
        EventLoop loop = new EventLoop();
        loop.start();
        loop.execute(() -> happened.add("before"));
        loop.close();
        loop.close();
        loop.execute(() -> happened.add("after"));
        assertThat(happened).containsExactly("before");
    }

    private String next() throws InterruptedException {
        String next = happened.poll(1, TimeUnit.MINUTES);
        return next == null ? "nothing" : next;
    }
}
