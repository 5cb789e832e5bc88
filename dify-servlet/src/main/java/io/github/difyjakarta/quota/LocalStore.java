package io.github.difyjakarta.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucketBuilder;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Buckets in the memory of this process. At most so many of users, and as many of addresses, so that a flood of addresses pushes
 * no user out; when there are more, those who come seldom are dropped. What nobody asked for during {@code idle} is dropped as
 * well: by then it is full again. Thread-safe, without threads of its own.
 */
final class LocalStore implements QuotaStore {

    private final Cache<String, Bucket> users;
    private final Cache<String, Bucket> addresses;
    private final ConcurrentMap<String, Bucket> shared = new ConcurrentHashMap<>();
    private final TimeMeter meter;

    /**
     * A store without buckets.
     *
     * @param maxCallers of each sort
     * @param idle the longest time after which a bucket is full again
     * @param nanos a clock that is never set
     */
    LocalStore(int maxCallers, Duration idle, LongSupplier nanos) {
        this.meter = new Meter(nanos, nanos.getAsLong());
        this.users = cache(maxCallers, idle, nanos);
        this.addresses = cache(maxCallers, idle, nanos);
    }

    private static Cache<String, Bucket> cache(int maxCallers, Duration idle, LongSupplier nanos) {
        return Caffeine.newBuilder()
                // A caller has two: for requests and for tokens.
                .maximumSize(2L * maxCallers)
                .expireAfterAccess(idle)
                .ticker(nanos::getAsLong)
                // Else a thread that all applications of the server share keeps this one's classes.
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Bucket bucket(Plan.Kind kind, String key, BucketConfiguration configuration) {
        return switch (kind) {
            case USER -> users.get(key, absent -> full(configuration));
            case ADDRESS -> addresses.get(key, absent -> full(configuration));
            case APP, GLOBAL -> {
                Bucket known = shared.get(key); // takes no lock, and is there but once
                yield known == null ? shared.computeIfAbsent(key, absent -> full(configuration)) : known;
            }
        };
    }

    private Bucket full(BucketConfiguration configuration) {
        LocalBucketBuilder builder = Bucket.builder().withCustomTimePrecision(meter);
        for (Bandwidth bandwidth : configuration.getBandwidths()) {
            builder.addLimit(bandwidth);
        }
        return builder.build();
    }

    @Override
    public <T> T attempt(Supplier<T> work) {
        return work.get();
    }

    /** How many buckets of callers there are, once those over the bound are gone. */
    long callers() {
        users.cleanUp();
        addresses.cleanUp();
        return users.estimatedSize() + addresses.estimatedSize();
    }

    @Override
    public void close() {
        users.invalidateAll();
        addresses.invalidateAll();
        shared.clear();
    }

    /** From 0, whatever the clock begins with: buckets compare moments, and a clock of the JVM's may overflow. */
    private record Meter(LongSupplier nanos, long start) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong() - start;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
