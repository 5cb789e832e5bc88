package io.github.difyjakarta.quota;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.util.function.Supplier;

/**
 * Buckets that all nodes share, taken from by compare-and-swap. Its calls block; a {@link GuardedStore} stands in front. Thread-safe.
 */
final class RemoteStore implements QuotaStore {

    private final Supplier<ProxyManager<String>> manager;
    private final String prefix;
    private final Runnable close;

    /**
     * Buckets of a manager.
     *
     * @param manager asked each time; may throw while there is none
     * @param prefix of keys, so that two applications do not count for each other
     */
    RemoteStore(Supplier<ProxyManager<String>> manager, String prefix, Runnable close) {
        this.manager = manager;
        this.prefix = prefix;
        this.close = close;
    }

    @Override
    public Bucket bucket(Plan.Kind kind, String key, BucketConfiguration configuration) {
        return manager.get().builder().build(key(key, configuration), () -> configuration);
    }

    /** With the limits in it: a bucket keeps those it was made by, so other limits need another one. */
    private String key(String key, BucketConfiguration configuration) {
        StringBuilder text = new StringBuilder(prefix).append(':').append(key).append('@');
        for (Bandwidth bandwidth : configuration.getBandwidths()) {
            text.append(bandwidth.getCapacity())
                    .append('/')
                    .append(bandwidth.getRefillPeriodNanos())
                    .append(';');
        }
        return text.toString();
    }

    @Override
    public <T> T attempt(Supplier<T> work) {
        return work.get();
    }

    @Override
    public void close() {
        close.run();
    }
}
