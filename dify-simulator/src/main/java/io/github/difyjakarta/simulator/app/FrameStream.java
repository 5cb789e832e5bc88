package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One open stream, with a keep-alive at each multiple of the interval, also while text flows. One thread. */
final class FrameStream {

    private static final byte[] PING = "event: ping\n\n".getBytes(StandardCharsets.UTF_8);

    private final EventLoop loop;
    private final Duration pingInterval;
    private final Exchange exchange;
    private final long opened = System.nanoTime();
    private EventLoop.Timer nextPing;

    FrameStream(EventLoop loop, Duration pingInterval, Exchange exchange, Runnable onClientLeft) {
        this.loop = loop;
        this.pingInterval = pingInterval;
        this.exchange = exchange;
        this.nextPing = pingLater(1);
        exchange.onClientLeft(() -> {
            nextPing.cancel();
            onClientLeft.run();
        });
    }

    void ping() {
        exchange.chunk(PING);
    }

    void send(byte[] frame) {
        exchange.chunk(frame);
    }

    boolean isFlushed() {
        return exchange.isFlushed();
    }

    void whenFlushed(Runnable task) {
        exchange.whenFlushed(task);
    }

    void end() {
        nextPing.cancel();
        exchange.end();
    }

    /** Without the last chunk. */
    void cut() {
        nextPing.cancel();
        exchange.cut();
    }

    private EventLoop.Timer pingLater(int number) {
        return loop.at(opened + pingInterval.multipliedBy(number).toNanos(), () -> {
            ping();
            nextPing = pingLater(number + 1);
        });
    }
}
