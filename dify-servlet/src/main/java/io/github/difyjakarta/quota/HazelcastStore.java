package io.github.difyjakarta.quota;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.core.HazelcastInstance;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.UUID;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Buckets in maps of the server's own Hazelcast, with one copy on another member, by the cluster's clock. Only strings and bytes
 * go there: members need not have this application. Users and addresses have a map each, bounded on every member, so that a flood
 * of addresses pushes no user out. The one class that names types of Hazelcast. Thread-safe.
 */
final class HazelcastStore implements RemoteStore.Keeper, MembershipListener {

    static final String MAP = "dify-quota";

    /** A machine that is there accepts a connection within this, on the network of a cluster. */
    private static final int CONNECT_MS = 20;

    /** As long as calls may be under way to a member that has left: Hazelcast tries again twice a second. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    /** Hazelcast spreads the bound over 271 partitions, and smaller ones get imprecise. */
    private static final int LEAST_BOUND = 10_000;

    private final HazelcastInstance instance;
    private final UUID listener;
    private final ProxyManager<String> users;
    private final ProxyManager<String> addresses;
    private final ProxyManager<String> shared;
    private volatile long settledAt = System.nanoTime();

    private HazelcastStore(HazelcastInstance instance, int maxCallers, Duration idle) {
        this.instance = instance;
        StoreTime time = StoreTime.from(Duration.ofMillis(instance.getCluster().getClusterTime()), System.nanoTime());
        int bound = Math.max(2 * maxCallers, LEAST_BOUND);
        String size = "-" + idle.toSeconds() + "s-" + bound; // a map has one configuration, whoever asks for it
        EvictionConfig eviction = new EvictionConfig()
                .setEvictionPolicy(EvictionPolicy.LRU)
                .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                .setSize(bound);
        this.users = manager(map("users" + size, idle).setEvictionConfig(eviction), time);
        this.addresses = manager(map("addresses" + size, idle).setEvictionConfig(eviction), time);
        this.shared = manager(map("shared", Quotas.LONGEST_IDLE), time);
        this.listener = instance.getCluster().addMembershipListener(this);
    }

    @SuppressWarnings("BanJNDI") // the name is the administrator's
    static HazelcastInstance lookUp(String jndiName) throws NamingException {
        Object found = InitialContext.doLookup(jndiName);
        if (found instanceof HazelcastInstance instance) {
            return instance;
        }
        throw new NamingException(jndiName + " is no Hazelcast");
    }

    static QuotaStore of(HazelcastInstance instance, String prefix, int maxCallers, Duration idle) {
        return new RemoteStore(new HazelcastStore(instance, maxCallers, idle), prefix);
    }

    private static MapConfig map(String name, Duration idle) {
        return new MapConfig(MAP + '-' + name)
                .setMaxIdleSeconds(Math.toIntExact(idle.plusMinutes(1).toSeconds()))
                .setBackupCount(1);
    }

    private ProxyManager<String> manager(MapConfig config, StoreTime time) {
        instance.getConfig().addMapConfig(config);
        return Bucket4jHazelcast.<String>casBasedBuilder(instance.getMap(config.getName()))
                .clientClock(time)
                .build();
    }

    @Override
    public ProxyManager<String> manager(Plan.Kind kind) {
        return switch (kind) {
            case USER -> users;
            case ADDRESS -> addresses;
            case APP, GLOBAL -> shared;
        };
    }

    /**
     * A member has come or gone, or is gone and the others have not noticed yet: its machine refuses a connection or does not answer
     * at all. The kernel of one that is only slow accepts.
     */
    @Override
    public boolean isMoving() {
        return instance.getLifecycleService().isRunning()
                && (System.nanoTime() - settledAt < 0
                        || instance.getCluster().getMembers().stream().anyMatch(HazelcastStore::isGone));
    }

    private static boolean isGone(Member member) {
        if (member.localMember()) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(member.getSocketAddress(), CONNECT_MS);
            return false;
        } catch (IOException e) { // nobody listens there; or not even the machine answers, if it is a timeout
            return true;
        }
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        settledAt = System.nanoTime() + SETTLING.toNanos();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        settledAt = System.nanoTime() + SETTLING.toNanos();
    }

    @Override
    public void close() {
        if (instance.getLifecycleService().isRunning()) {
            instance.getCluster().removeMembershipListener(listener);
        }
    }
}
