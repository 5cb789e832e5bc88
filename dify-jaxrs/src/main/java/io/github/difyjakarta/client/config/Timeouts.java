package io.github.difyjakarta.client.config;

import java.time.Duration;
import java.util.Map;

/**
 * How long the client waits, and for what. All are our own clocks on a monotonic time: the JDK's and the server's request
 * timeouts would cut long streams.
 *
 * @param connect for a TCP and TLS connection; default 5 s
 * @param write for the request to be taken; default 10 s
 * @param acquire for a free place among the concurrent requests; default 5 s
 * @param headers for the response's head: Dify holds it back until its first frame, up to 10 s and more; default 60 s
 * @param firstEvent from the head to the first event; default 60 s
 * @param idle without any byte: Dify pings each 10 s; default 35 s
 * @param total for a whole stream; default 300 s
 * @param blocking for a whole call without a stream; default 30 s
 * @param blockingComplex the same for workflow, chatflow and agent apps; default 120 s
 * @param stop for a stop call, which may have to wait for a place at Dify; default 30 s
 * @param stopDrain how long a stopped stream is read on, so that Dify keeps the partial answer; default 10 s
 */
public record Timeouts(
        Duration connect,
        Duration write,
        Duration acquire,
        Duration headers,
        Duration firstEvent,
        Duration idle,
        Duration total,
        Duration blocking,
        Duration blockingComplex,
        Duration stop,
        Duration stopDrain) {
    /** What the parameters say. */
    public static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(35),
            Duration.ofSeconds(300),
            Duration.ofSeconds(30),
            Duration.ofSeconds(120),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));

    /**
     * @throws IllegalArgumentException when one is not positive; names it
     */
    public Timeouts {
        Map.ofEntries(
                        Map.entry("connect", connect),
                        Map.entry("write", write),
                        Map.entry("acquire", acquire),
                        Map.entry("headers", headers),
                        Map.entry("firstEvent", firstEvent),
                        Map.entry("idle", idle),
                        Map.entry("total", total),
                        Map.entry("blocking", blocking),
                        Map.entry("blockingComplex", blockingComplex),
                        Map.entry("stop", stop),
                        Map.entry("stopDrain", stopDrain))
                .forEach((name, value) -> {
                    if (value.isNegative() || value.isZero()) {
                        throw new IllegalArgumentException(name + " must be longer than 0, not " + value);
                    }
                });
    }

    /** The same, to be changed in parts: {@code Timeouts.DEFAULTS.toBuilder().idle(Duration.ofSeconds(20)).build()}. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Timeouts in the making; see the parameters of {@link Timeouts}. Not thread-safe. */
    public static final class Builder {
        private Duration connect;
        private Duration write;
        private Duration acquire;
        private Duration headers;
        private Duration firstEvent;
        private Duration idle;
        private Duration total;
        private Duration blocking;
        private Duration blockingComplex;
        private Duration stop;
        private Duration stopDrain;

        private Builder(Timeouts from) {
            connect = from.connect;
            write = from.write;
            acquire = from.acquire;
            headers = from.headers;
            firstEvent = from.firstEvent;
            idle = from.idle;
            total = from.total;
            blocking = from.blocking;
            blockingComplex = from.blockingComplex;
            stop = from.stop;
            stopDrain = from.stopDrain;
        }

        /** How long to wait for a connection. */
        public Builder connect(Duration time) {
            connect = time;
            return this;
        }

        /** How long to wait for the request to be taken. */
        public Builder write(Duration time) {
            write = time;
            return this;
        }

        /** How long to wait for a free place. */
        public Builder acquire(Duration time) {
            acquire = time;
            return this;
        }

        /** How long to wait for the response's head. */
        public Builder headers(Duration time) {
            headers = time;
            return this;
        }

        /** How long it may take from the head to the first event. */
        public Builder firstEvent(Duration time) {
            firstEvent = time;
            return this;
        }

        /** How long to go on without any byte. */
        public Builder idle(Duration time) {
            idle = time;
            return this;
        }

        /** How long to wait for a whole stream. */
        public Builder total(Duration time) {
            total = time;
            return this;
        }

        /** How long to wait for a whole call without a stream. */
        public Builder blocking(Duration time) {
            blocking = time;
            return this;
        }

        /** How long to wait for the same call for workflow, chatflow and agent apps. */
        public Builder blockingComplex(Duration time) {
            blockingComplex = time;
            return this;
        }

        /** How long to wait for a stop call. */
        public Builder stop(Duration time) {
            stop = time;
            return this;
        }

        /** How long a stopped stream is read on. */
        public Builder stopDrain(Duration time) {
            stopDrain = time;
            return this;
        }

        /**
         * @throws IllegalArgumentException when one is not positive; names it
         */
        public Timeouts build() {
            return new Timeouts(
                    connect,
                    write,
                    acquire,
                    headers,
                    firstEvent,
                    idle,
                    total,
                    blocking,
                    blockingComplex,
                    stop,
                    stopDrain);
        }
    }
}
