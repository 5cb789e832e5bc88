package io.github.difyjakarta.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.call.BatchSubscriber;
import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A run that a test plays, on its own thread: it gives what is asked for. */
final class FakeRun implements Upstream, Flow.Subscription {
    private final Queue<DifyFrame> frames = new ArrayDeque<>();
    private @Nullable BatchSubscriber relay;
    private long demand;
    private boolean over;
    private boolean told;
    private boolean closed;
    private boolean delivering;
    private @Nullable Throwable failure;

    @Override
    public void subscribe(BatchSubscriber subscriber) {
        relay = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        closed = true;
        frames.clear();
    }

    /** Whether Dify was asked to stop. */
    boolean isClosed() {
        return closed;
    }

    /** Events that the relay has not asked for. */
    int waiting() {
        return frames.size();
    }

    /** Answers with a word. */
    void say(int number) {
        say("{\"event\":\"message\",\"task_id\":\"t-1\",\"answer\":\"" + number + "\"}");
    }

    void say(String json) {
        frames.add(DifyFrame.of(json.getBytes(UTF_8)));
        deliver();
    }

    void end() {
        over = true;
        deliver();
    }

    void fail(Throwable cause) {
        failure = cause;
        end();
    }

    @Override
    public void request(long n) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        deliver();
    }

    @Override
    public void cancel() {
        close();
    }

    private void deliver() {
        BatchSubscriber target = relay;
        if (target == null || delivering) {
            return;
        }
        delivering = true;
        boolean some = false;
        while (demand > 0 && !frames.isEmpty()) {
            demand--;
            some = true;
            target.onNext(frames.remove());
        }
        if (over && frames.isEmpty() && !told) {
            told = true;
            if (failure == null) {
                target.onComplete();
            } else {
                target.onError(failure);
            }
        } else if (some) {
            target.onPause();
        }
        delivering = false;
    }
}
