package io.github.difyjakarta.quota;

import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in Redis, which expire when they would be full, by the clock of Redis. Connected when first needed, and again when the
 * connection is lost. The one class that names types of Lettuce. Thread-safe.
 */
final class RedisStore implements RemoteStore.Keeper {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration KEEP = Duration.ofSeconds(10);

    private final RedisClient client;
    private final RedisURI uri;
    private @Nullable CompletableFuture<ProxyManager<String>> connected;

    private RedisStore(String url) {
        uri = RedisURI.create(url);
        uri.setTimeout(CONNECT); // nobody waits that long: the guard in front has its own limit
        client = RedisClient.create();
        // A command that waits for a connection to come back would be too late anyway.
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
    }

    static QuotaStore of(String url, String prefix) {
        return new RemoteStore(new RedisStore(url), prefix);
    }

    /** Waits for the connection; whoever waits too long is interrupted, and the connection gets on. */
    @Override
    public ProxyManager<String> manager(Plan.Kind kind) {
        try {
            return connection().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Redis cannot be reached", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Redis was not reached in time", e);
        }
    }

    private synchronized CompletableFuture<ProxyManager<String>> connection() {
        CompletableFuture<ProxyManager<String>> current = connected;
        if (current == null || current.isCompletedExceptionally()) {
            current = client.connectAsync(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), uri)
                    .toCompletableFuture()
                    .thenCompose(connection -> manager(connection).whenComplete((manager, failure) -> {
                        if (failure != null) {
                            connection.closeAsync(); // the next try makes one of its own
                        }
                    }));
            connected = current;
        }
        return current;
    }

    private static CompletableFuture<ProxyManager<String>> manager(StatefulRedisConnection<String, byte[]> connection) {
        long asked = System.nanoTime();
        return connection
                .async()
                .time()
                .toCompletableFuture()
                .thenApply(time -> Bucket4jLettuce.<String>casBasedBuilder(connection)
                        .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEEP))
                        .clientClock(StoreTime.from(sinceEpoch(time), asked))
                        .build());
    }

    /** Seconds, and microseconds of the current one. */
    private static Duration sinceEpoch(List<byte[]> time) {
        return Duration.ofSeconds(number(time.get(0)), TimeUnit.MICROSECONDS.toNanos(number(time.get(1))));
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
    }

    /** There is one of it: it is there or not. */
    @Override
    public boolean isMoving() {
        return false;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
