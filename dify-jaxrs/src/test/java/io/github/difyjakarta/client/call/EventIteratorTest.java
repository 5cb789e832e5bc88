package io.github.difyjakarta.client.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventIteratorTest {
    private static final int BUFFER_BYTES = 4096;
    private static final DifyFrame FRAME = frame("x".repeat(90));
    /** What one read brings. */
    private static final List<DifyFrame> TURN = Collections.nCopies(5, FRAME);

    private final DaemonTimer timer = new DaemonTimer();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    /** Bytes that the peer may send. */
    private final AtomicInteger granted = new AtomicInteger(bytesOf(TURN));

    private final FrameQueue queue = new FrameQueue(new FrameQueue.Owner() {
        @Override
        public void onDrained() {
            allowance().drained();
        }

        @Override
        public void onCancelled() {
            cancelled.set(true);
        }
    });
    private final StreamClock clock = new StreamClock(Timeouts.DEFAULTS, timer, late -> {});
    private final ReadAllowance allowance = new ReadAllowance(
            new Limits(1, BUFFER_BYTES, BUFFER_BYTES, BUFFER_BYTES), () -> true, queue, clock, granted::addAndGet);
    private final EventIterator events = new EventIterator(queue, BUFFER_BYTES);

    private ReadAllowance allowance() {
        return allowance;
    }

    @AfterEach
    void stopTimer() {
        clock.end();
        timer.shutdownNow();
    }

    private static DifyFrame frame(String answer) {
        return DifyFrame.of(("{\"event\":\"message\",\"answer\":\"" + answer + "\"}").getBytes(UTF_8));
    }

    private static int bytesOf(List<DifyFrame> frames) {
        return frames.stream().mapToInt(DifyFrame::size).sum();
    }

    /** As the connection does at the end of a turn. */
    private void bring(List<DifyFrame> frames) {
        queue.offer(frames);
        queue.pause();
        granted.addAndGet(-bytesOf(frames));
        allowance.taken(bytesOf(frames));
    }

    private boolean mayBring() {
        return granted.get() >= bytesOf(TURN);
    }

    @Test
    void handsASingleEventOverWithoutWaitingForMore() throws Exception {
        CompletableFuture<DifyEvent> read = CompletableFuture.supplyAsync(events::next);
        bring(List.of(frame("one")));
        assertThat(read.get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(DifyEvent.Message.class, event -> assertThat(event.answer())
                        .isEqualTo("one"));
    }

    @Test
    void keepsThePeerWaitingWhenItsReaderIsSlowAndLetsItGoOnBeforeTheBufferIsEmpty() {
        int brought = 0;
        for (; mayBring(); brought += TURN.size()) {
            bring(TURN);
        }
        // Half, since what was granted before may still come.
        assertThat(queue.pendingBytes()).isBetween(BUFFER_BYTES / 2 + 1L, BUFFER_BYTES / 2L + bytesOf(TURN));
        int read = 0;
        for (; !mayBring(); read++) {
            events.next();
            assertThat(queue.pendingBytes()).isLessThanOrEqualTo(BUFFER_BYTES + (long) bytesOf(TURN));
        }
        assertThat(read * FRAME.size()).isBetween(BUFFER_BYTES / 4, BUFFER_BYTES / 2 + bytesOf(TURN));
        assertThat(read).isLessThan(brought);
        for (; read < brought; read++) {
            events.next();
        }
        queue.end(null);
        assertThat(events.hasNext()).isFalse();
        assertThat(queue.pendingBytes()).isZero();
    }

    @Test
    void losesNothingAndKeepsTheOrderBetweenTwoThreads() throws Exception {
        int count = 50_000;
        CompletableFuture<Void> bringing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                queue.offer(List.of(frame("" + i)));
                if (i % 7 == 0) {
                    queue.pause();
                }
            }
            queue.end(null);
        });
        int next = 0;
        while (events.hasNext()) {
            assertThat(((DifyEvent.Message) events.next()).answer()).isEqualTo("" + next++);
        }
        assertThat(next).isEqualTo(count);
        bringing.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(events::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void handsOutWhatCameBeforeAFailureAndThenTheFailureEachTime() {
        queue.offer(List.of(frame("one")));
        queue.end(new DifyStreamException(DifyStreamException.CLOSED, "broken"));
        assertThat(events.next().name()).isEqualTo("message");
        assertThatThrownBy(events::hasNext).hasMessage("broken");
        assertThatThrownBy(events::next).hasMessage("broken");
    }

    @Test
    void endsTheStreamAtAnEventThatIsNoJson() {
        queue.offer(List.of(
                frame("one"),
                DifyFrame.of(
                        "{\"event\":\"message\",\"message_id\":\"m\",\"task_id\":\"t\",\"answer\"}".getBytes(UTF_8)),
                frame("three")));
        assertThat(events.next().name()).isEqualTo("message");
        assertThatThrownBy(events::hasNext)
                .isInstanceOfSatisfying(DifyStreamException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyStreamException.MALFORMED));
        assertThat(cancelled).isTrue();
    }

    @Test
    void forgetsWhatItHasTakenWhenTheStreamIsClosed() {
        queue.offer(TURN);
        events.next();
        queue.discard();
        queue.end(null);
        assertThat(events.hasNext()).isFalse();
    }

    @Test
    void isInterruptedWhileItWaitsAndWhileMuchHasCome() throws Exception {
        LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        Thread waiting = new Thread(() -> {
            try {
                events.forEachRemaining(event -> {});
            } catch (DifyException e) {
                if (Thread.currentThread().isInterrupted()) {
                    failures.add(e);
                }
            }
        });
        waiting.start();
        bring(TURN);
        waiting.interrupt();
        assertThat(failures.poll(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        assertThat(cancelled).isTrue();
    }

    @Test
    void isRefusedWhereTheStreamHasAReader() {
        EventIterator second = new EventIterator(queue, BUFFER_BYTES);
        assertThatThrownBy(second::hasNext).isInstanceOf(IllegalStateException.class);
    }
}
