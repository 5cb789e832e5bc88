package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.DifyFrame;
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
    void pausesOnceAfterTheFramesThatCameTogether() {
        queue.subscribe(new Notes(10));
        queue.offer(frame(1));
        queue.offer(frame(2));
        queue.pause();
        queue.pause();
        queue.offer(frame(3));
        queue.pause();
        assertThat(happened).containsExactly("1", "2", "pause", "3", "pause");
    }

    @Test
    void handsAnAwaitedFrameOverWithoutKeepingIt() {
        queue.subscribe(new Notes(1));
        queue.offer(frame(1));
        assertThat(queue.pendingBytes()).isZero();
        queue.offer(frame(2));
        assertThat(queue.pendingBytes()).isEqualTo(frame(2).size());
        assertThat(happened).containsExactly("1");
    }

    @Test
    void pausesAfterWhatALateDemandBringsAndTellsThatItDrained() {
        Notes notes = new Notes(0);
        queue.subscribe(notes);
        queue.offer(frame(1));
        queue.offer(frame(2));
        queue.offer(frame(3));
        queue.pause();
        notes.request(2);
        assertThat(happened).containsExactly("1", "2", "pause", "drained");
        assertThat(queue.pendingBytes()).isEqualTo(frame(3).size());
    }

    @Test
    void deliversWhatCameBeforeTheSubscriberAndPausesThen() {
        queue.offer(frame(1));
        queue.offer(frame(2));
        queue.pause();
        queue.subscribe(new Notes(10));
        assertThat(happened).containsExactly("1", "2", "pause", "drained");
    }

    @Test
    void doesNotPauseBeforeTheEndWhichIsAPauseItself() {
        queue.subscribe(new Notes(10));
        queue.offer(frame(1));
        queue.end(null);
        queue.pause();
        assertThat(happened).containsExactly("1", "complete");
    }

    @Test
    void saysNothingAfterACancellation() {
        Notes notes = new Notes(10);
        queue.subscribe(notes);
        queue.offer(frame(1));
        queue.cancel();
        queue.offer(frame(2));
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
        queue.offer(frame(1));
        queue.pause();
        queue.offer(frame(2));
        assertThat(happened).containsExactly("1", "drained", "cancelled");
    }

    @Test
    void keepsOrderAndSerialityWhenDemandComesFromAnotherThread() throws Exception {
        int count = 20_000;
        FrameQueue shared = new FrameQueue(new FrameQueue.Owner() {
            @Override
            public void onDrained() {}

            @Override
            public void onCancelled() {}
        });
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
                shared.offer(frame(i));
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
