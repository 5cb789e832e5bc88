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

    private final Keeper keeper;
    private final String prefix;

    /** What keeps the buckets. Thread-safe. */
    interface Keeper extends AutoCloseable {

        /** Where buckets of this kind are; may block, and throws while there is nothing to be had. */
        ProxyManager<String> manager(Plan.Kind kind);

        /** See {@link QuotaStore#isMoving}. */
        boolean isMoving();

        @Override
        void close();
    }

    /**
     * Buckets of a keeper.
     *
     * @param prefix of keys, so that two applications do not count for each other
     */
    RemoteStore(Keeper keeper, String prefix) {
        this.keeper = keeper;
        this.prefix = prefix;
    }

    @Override
    public Bucket bucket(Plan.Kind kind, String key, BucketConfiguration configuration) {
        return keeper.manager(kind).builder().build(key(key, configuration), () -> configuration);
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
    public boolean isMoving() {
        return keeper.isMoving();
    }

    @Override
    public void close() {
        keeper.close();
    }
}
