package io.github.difyjakarta.client.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.client.json.DifyJson;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuietWatchTest {
    private static final Duration QUIET = Duration.ofMillis(20);

    private final DaemonTimer timer = new DaemonTimer();
    private final BlockingQueue<CompletableFuture<RunDetail>> asked = new LinkedBlockingQueue<>();
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final QuietWatch watch = new QuietWatch(
            timer, QUIET, this::ask, detail -> ended.add(detail.status().name()));

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    private CompletableFuture<RunDetail> ask() {
        CompletableFuture<RunDetail> question = new CompletableFuture<>();
        asked.add(question);
        return question;
    }

    private CompletableFuture<RunDetail> awaitQuestion() throws InterruptedException {
        CompletableFuture<RunDetail> question = asked.poll(10, TimeUnit.SECONDS);
        assertThat(question).isNotNull();
        return question;
    }

    /** Until the one thread of the timer has done what it had begun. */
    private void settle() throws Exception {
        timer.submit(() -> "done").get(10, TimeUnit.SECONDS);
    }

    private static RunDetail run(String status) {
        return new RunDetail(DifyJson.of(Map.of("status", status)));
    }

    @Test
    void asksUntilTheRunHasEnded() throws Exception {
        watch.start();
        awaitQuestion().complete(run("running"));
        awaitQuestion().completeExceptionally(new IllegalStateException("no answer"));
        awaitQuestion().complete(run("succeeded"));
        settle();
        assertThat(ended).containsExactly("succeeded");
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void asksNoMoreOnceItIsCancelled() {
        watch.start();
        watch.cancel();
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void saysAndPlansNothingWhereItIsCancelledWhileItAsks() throws Exception {
        watch.start();
        CompletableFuture<RunDetail> first = awaitQuestion();
        watch.cancel();
        first.complete(run("succeeded"));
        settle();
        assertThat(ended).isEmpty();
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void doesNotStartAfterItsEnd() {
        watch.cancel();
        watch.start();
        assertThat(timer.getQueue()).isEmpty();
    }
}
