package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All streams that show one run. The run goes on without any. Confined to the event loop. */
final class Channel {

    /** Dify gives up a stream on which nothing but keep-alives was seen for so long. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    /** What ends a stream. */
    enum Until {
        /** A pause, and the end of the run. */
        PAUSE,
        /** The end of the run alone. */
        END,
        /** Neither, only idleness. */
        IDLENESS
    }

    /** One stream. */
    private final class Subscriber {

        private final Until until;
        private final boolean snapshot;
        private @Nullable FrameStream stream;
        private long heard = System.nanoTime();
        private EventLoop.@Nullable Timer idle;

        private Subscriber(Until until, boolean snapshot) {
            this.until = until;
            this.snapshot = snapshot;
        }

        private void send(byte[] frame) {
            if (stream != null) {
                stream.send(frame);
                heard = System.nanoTime();
            }
        }

        private void watchIdleness() {
            idle = streams.loop().at(heard + IDLE.toNanos(), () -> {
                if (System.nanoTime() - heard >= IDLE.toNanos()) {
                    end();
                } else {
                    watchIdleness();
                }
            });
        }

        private void stopWatching() {
            if (idle != null) {
                idle.cancel();
            }
        }

        private void end() {
            stopWatching();
            subscribers.remove(this);
            if (stream != null) {
                stream.end();
            }
        }

        private void cut() {
            stopWatching();
            if (stream != null) {
                stream.cut();
            }
        }

        /** Whoever leaves makes Dify close the channel for everyone. */
        private void clientLeft() {
            stopWatching();
            boolean early = subscribers.remove(this);
            if (early && streams.settings().behaviour().subscribersCollide()) {
                List<Subscriber> others = List.copyOf(subscribers);
                subscribers.clear();
                // A stream with a snapshot stays and hears nothing but keep-alives.
                others.stream().filter(other -> !other.snapshot).forEach(Subscriber::cut);
            }
        }
    }

    private final Streams streams;
    private final List<Subscriber> subscribers = new ArrayList<>();

    Channel(Streams streams) {
        this.streams = streams;
    }

    /** Who asked for the run sees it from its beginning. */
    void subscribe(Exchange exchange) {
        Subscriber subscriber = new Subscriber(Until.PAUSE, false);
        add(subscriber, streams.openRun(exchange, subscriber::clientLeft));
    }

    /** Who joins later sees the given past first, and perhaps no more than that. */
    void join(Exchange exchange, Until until, List<ObjectNode> past, boolean endsWithPast) {
        Subscriber subscriber = new Subscriber(until, !past.isEmpty());
        FrameStream stream = streams.openEvents(exchange, subscriber::clientLeft);
        stream.ping();
        add(subscriber, stream);
        past.forEach(frame -> subscriber.send(streams.encode(frame)));
        if (endsWithPast) {
            subscriber.end();
        }
    }

    private void add(Subscriber subscriber, FrameStream stream) {
        subscriber.stream = stream;
        subscriber.watchIdleness();
        subscribers.add(subscriber);
    }

    void publish(ObjectNode frame) {
        if (!subscribers.isEmpty()) {
            byte[] bytes = streams.encode(frame);
            // A copy: one of them may turn out to have left.
            List.copyOf(subscribers).forEach(subscriber -> subscriber.send(bytes));
        }
    }

    /** Ends the streams that want no more than this. */
    void paused() {
        endThose(List.of(Until.PAUSE));
    }

    /** Ends the streams that want no more than this. */
    void finished() {
        endThose(List.of(Until.PAUSE, Until.END));
    }

    private void endThose(List<Until> which) {
        List.copyOf(subscribers).stream()
                .filter(subscriber -> which.contains(subscriber.until))
                .forEach(Subscriber::end);
    }
}
