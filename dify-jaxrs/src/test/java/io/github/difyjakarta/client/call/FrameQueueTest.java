package io.github.difyjakarta.client.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
    private static final FrameQueue.Owner NOBODY = new FrameQueue.Owner() {
        @Override
        public void onDrained() {}

        @Override
        public void onCancelled() {}
    };

    private final List<String> happened = new ArrayList<>();
    private final FrameQueue queue = new FrameQueue(new FrameQueue.Owner() {
        @Override
        public void onDrained() {
            happened.add("drained");
        }

        @Override
        public void onCancelled() {
            happened.add("cancelled");
        }
    });

    private static DifyFrame frame(int number) {
        return DifyFrame.of(("{\"event\":\"message\",\"answer\":\"" + number + "\"}").getBytes(UTF_8));
    }

    private static String numberOf(DifyFrame frame) {
        return frame.json().replaceAll("\\D", "");
    }

    /** Notes what it gets; asks for a fixed number at first. */
    private class Notes implements BatchSubscriber {
        private final long demand;
        private Flow.@Nullable Subscription subscription;

        Notes(long demand) {
            this.demand = demand;
        }

        void request(long n) {
            if (subscription != null) {
                subscription.request(n);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (demand > 0) {
                given.request(demand);
            }
        }

        @Override
        public void onNext(DifyFrame frame) {
            happened.add(numberOf(frame));
        }

        @Override
        public void onPause() {
            happened.add("pause");
        }

        @Override
        public void onError(Throwable failure) {
            happened.add("error");
        }

        @Override
        public void onComplete() {
            happened.add("complete");
        }
    }

    @Test
    void handsAWholeBatchOverAndKeepsWhatIsNotAwaited() {
        Notes notes = new Notes(2);
        queue.subscribe(notes);
        queue.offer(List.of(frame(1), frame(2), frame(3)));
        assertThat(happened).containsExactly("1", "2");
        assertThat(queue.pendingBytes()).isEqualTo(frame(3).size());
        notes.request(5);
        queue.offer(List.of(frame(4), frame(5)));
        assertThat(happened).containsExactly("1", "2", "3", "pause", "drained", "4", "5");
        assertThat(queue.pendingBytes()).isZero();
    }

    @Test
    void breaksOffABatchWhoseSubscriberLeaves() {
        queue.subscribe(new Notes(10) {
            @Override
            public void onNext(DifyFrame frame) {
                super.onNext(frame);
                queue.cancel();
            }
        });
        queue.offer(List.of(frame(1), frame(2)));
        queue.pause();
        assertThat(happened).containsExactly("1", "drained", "cancelled");
    }

    @Test
    void wakesWhoTakesByHimselfOnceForWhatCameTogether() {
        assertThat(queue.claim(() -> happened.add("wake"))).isTrue();
        queue.offer(List.of(frame(1), frame(2)));
        queue.offer(List.of(frame(3)));
        queue.pause();
        assertThat(happened).containsExactly("wake");
        assertThat(take(1_000)).containsExactly("1", "2", "3");
    }

    @Test
    void countsWhatWasTakenAsPendingUntilMoreIsTaken() {
        queue.claim(() -> {});
        queue.offer(List.of(frame(1), frame(2), frame(3)));
        int size = frame(1).size();
        assertThat(take(2 * size)).containsExactly("1", "2");
        assertThat(queue.pendingBytes()).isEqualTo(3L * size);
        assertThat(take(2 * size)).containsExactly("3");
        assertThat(queue.pendingBytes()).isEqualTo(size);
        assertThat(take(2 * size)).isEmpty();
        assertThat(queue.pendingBytes()).isZero();
        assertThat(happened).containsExactly("drained", "drained", "drained");
    }

    @Test
    void letsAFrameThatIsLargerThanABatchBeTakenAlone() {
        queue.claim(() -> {});
        queue.offer(List.of(frame(1), frame(2)));
        assertThat(take(1)).containsExactly("1");
        assertThat(take(1)).containsExactly("2");
    }

    @Test
    void isTakenToItsEndAndSaysThenWhyItEnded() {
        queue.claim(() -> happened.add("wake"));
        IllegalStateException cause = new IllegalStateException("the end");
        queue.offer(List.of(frame(1)));
        queue.end(cause);
        ArrayDeque<DifyFrame> taken = new ArrayDeque<>();
        assertThat(queue.take(taken, 1_000)).isTrue();
        assertThat(queue.take(taken, 1_000)).isFalse();
        assertThat(taken).hasSize(1);
        assertThat(queue.failure()).isSameAs(cause);
        assertThat(happened).containsExactly("wake", "drained", "drained");
    }

    @Test
    void hasOneReaderOnlyWhoeverItIs() {
        queue.subscribe(new Notes(1));
        assertThat(queue.claim(() -> {})).isFalse();
        FrameQueue claimed = new FrameQueue(NOBODY);
        assertThat(claimed.claim(() -> {})).isTrue();
        claimed.subscribe(new Notes(1));
        assertThat(happened).containsExactly("error");
    }

    private List<String> take(int most) {
        ArrayDeque<DifyFrame> taken = new ArrayDeque<>();
        assertThat(queue.take(taken, most)).isTrue();
        return taken.stream().map(FrameQueueTest::numberOf).toList();
    }

    @Test
    void pausesOnceAfterTheFramesThatCameTogether() {
        queue.subscribe(new Notes(10));
        queue.offer(List.of(frame(1)));
        queue.offer(List.of(frame(2)));
        queue.pause();
        queue.pause();
        queue.offer(List.of(frame(3)));
        queue.pause();
        assertThat(happened).containsExactly("1", "2", "pause", "3", "pause");
    }

    @Test
    void handsAnAwaitedFrameOverWithoutKeepingIt() {
        queue.subscribe(new Notes(1));
        queue.offer(List.of(frame(1)));
        assertThat(queue.pendingBytes()).isZero();
        queue.offer(List.of(frame(2)));
        assertThat(queue.pendingBytes()).isEqualTo(frame(2).size());
        assertThat(happened).containsExactly("1");
    }

    @Test
    void pausesAfterWhatALateDemandBringsAndTellsThatItDrained() {
        Notes notes = new Notes(0);
        queue.subscribe(notes);
        queue.offer(List.of(frame(1)));
        queue.offer(List.of(frame(2)));
        queue.offer(List.of(frame(3)));
        queue.pause();
        notes.request(2);
        assertThat(happened).containsExactly("1", "2", "pause", "drained");
        assertThat(queue.pendingBytes()).isEqualTo(frame(3).size());
    }

    @Test
    void deliversWhatCameBeforeTheSubscriberAndPausesThen() {
        queue.offer(List.of(frame(1)));
        queue.offer(List.of(frame(2)));
        queue.pause();
        queue.subscribe(new Notes(10));
        assertThat(happened).containsExactly("1", "2", "pause", "drained");
    }

    @Test
    void doesNotPauseBeforeTheEndWhichIsAPauseItself() {
        queue.subscribe(new Notes(10));
        queue.offer(List.of(frame(1)));
        queue.end(null);
        queue.pause();
        assertThat(happened).containsExactly("1", "complete");
    }

    @Test
    void saysNothingAfterACancellation() {
        Notes notes = new Notes(10);
        queue.subscribe(notes);
        queue.offer(List.of(frame(1)));
        queue.cancel();
        queue.offer(List.of(frame(2)));
        queue.pause();
        queue.end(null);
        assertThat(happened).containsExactly("1", "drained", "cancelled");
    }

    @Test
    void endsTheStreamOfASubscriberThatFailsInAPause() {
        queue.subscribe(new Notes(10) {
            @Override
            public void onPause() {
                throw new IllegalStateException("the subscriber's own trouble");
            }
        });
        queue.offer(List.of(frame(1)));
        queue.pause();
        queue.offer(List.of(frame(2)));
        assertThat(happened).containsExactly("1", "drained", "cancelled");
    }

    @Test
    void keepsOrderAndSerialityWhenDemandComesFromAnotherThread() throws Exception {
        int count = 20_000;
        FrameQueue shared = new FrameQueue(NOBODY);
        List<String> seen = new ArrayList<>();
        CompletableFuture<String> end = new CompletableFuture<>();
        AtomicInteger inside = new AtomicInteger();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            shared.subscribe(new BatchSubscriber() {
                private Flow.@Nullable Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(1);
                }

                @Override
                public void onNext(DifyFrame frame) {
                    if (inside.incrementAndGet() != 1) {
                        end.complete("two threads at once");
                    }
                    seen.add(numberOf(frame));
                    Flow.Subscription ours = subscription;
                    if (ours != null) {
                        other.execute(() -> ours.request(1));
                    }
                    inside.decrementAndGet();
                }

                @Override
                public void onPause() {}

                @Override
                public void onError(Throwable failure) {
                    end.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                    end.complete("complete");
                }
            });
            for (int i = 0; i < count; i++) {
                shared.offer(List.of(frame(i)));
                if (i % 7 == 0) {
                    shared.pause();
                }
            }
            shared.end(null);
            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo("complete");
        } finally {
            other.shutdownNow();
        }
        assertThat(seen).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(seen.get(i)).isEqualTo(Integer.toString(i));
        }
    }
}
