package io.github.difyjakarta.quota;

import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Buckets in a map of the server's own Hazelcast, with one copy on another member, by the cluster's clock. Only strings and bytes
 * go there: members need not have this application. The one class that names types of Hazelcast.
 */
final class HazelcastStore {

    static final String MAP = "dify-quota";

    /** The longest that a bucket matters; the same for every application, since they share the map. */
    private static final Duration IDLE = Quotas.LONGEST_IDLE.plusHours(1);

    private HazelcastStore() {}

    @SuppressWarnings("BanJNDI") // the name is the administrator's
    static QuotaStore lookUp(String jndiName, String prefix) throws NamingException {
        Object found = InitialContext.doLookup(jndiName);
        if (found instanceof HazelcastInstance instance) {
            return of(instance, prefix);
        }
        throw new NamingException(jndiName + " is no Hazelcast");
    }

    static QuotaStore of(HazelcastInstance instance, String prefix) {
        instance.getConfig()
                .addMapConfig(new MapConfig(MAP)
                        .setMaxIdleSeconds(Math.toIntExact(IDLE.toSeconds()))
                        .setBackupCount(1));
        IMap<String, byte[]> map = instance.getMap(MAP);
        ProxyManager<String> manager = Bucket4jHazelcast.<String>casBasedBuilder(map)
                .clientClock(new ClusterTime(instance))
                .build();
        return new RemoteStore(() -> manager, prefix, () -> {});
    }

    private record ClusterTime(HazelcastInstance instance) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(instance.getCluster().getClusterTime());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
