package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.simulator.DifySimulator;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A chat app whose answers a test writes, a client that asks it once, and settings of a relay that waits for nobody long. */
final class ScriptedDify implements AutoCloseable {
    private final DifySimulator dify = DifySimulator.start();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final DifyClient client = DifyClient.create(
            DifyConfig.of(dify.url(), new ApiKey(dify.key()))
                    .withMode(AppMode.CHAT)
                    .withRetry(RetryPolicy.NONE),
            timer);

    /** Heartbeats each 200 ms, 2 s for a browser to take something, and so many streams kept without a browser. */
    static RelayConfig quick(int kept) {
        return new RelayConfig(
                Duration.ofMillis(800),
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                64 * 1024,
                Duration.ofSeconds(15),
                kept,
                1024);
    }

    DifySimulator dify() {
        return dify;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    DifyClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        timer.shutdownNow();
        dify.close();
    }
}
