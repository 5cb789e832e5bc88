package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LazyTimerTest {

    private static final String NAME = "timer-of-the-test";

    private static CompletableFuture<Thread> runningThread(LazyTimer timer) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        timer.soon(() -> thread.complete(Thread.currentThread()));
        return thread;
    }

    @Test
    void startsNoThreadBeforeItIsNeeded() {
        try (LazyTimer timer = new LazyTimer(NAME)) {
            assertThat(timer).isNotNull();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals(NAME));
        }
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        Thread thread;
        try (LazyTimer timer = new LazyTimer(NAME)) {
            timer.after(Duration.ofHours(1), () -> {});
            thread = runningThread(timer).get(10, TimeUnit.SECONDS);
            assertThat(thread.isDaemon()).isTrue();
        }
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void runsNothingThatWasCalledOff() throws Exception {
        try (LazyTimer timer = new LazyTimer(NAME)) {
            CompletableFuture<String> calledOff = new CompletableFuture<>();
            CompletableFuture<String> later = new CompletableFuture<>();
            Runnable cancel = timer.after(Duration.ofMillis(20), () -> calledOff.complete("ran"));
            cancel.run();
            timer.after(Duration.ofMillis(40), () -> later.complete("ran"));
            assertThat(later.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
            assertThat(calledOff).isNotDone();
        }
    }

    @Test
    void survivesATaskThatFails() throws Exception {
        try (LazyTimer timer = new LazyTimer(NAME)) {
            timer.soon(() -> {
                throw new IllegalStateException("thrown by the test's callback");
            });
            assertThat(runningThread(timer).get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void runsCallbacksAtOnceWhenTheApplicationStops() {
        LazyTimer timer = new LazyTimer(NAME);
        timer.close();
        assertThat(runningThread(timer)).isCompletedWithValue(Thread.currentThread());
    }
}
