package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Quotas;
import java.lang.System.Logger.Level;
import javax.naming.NamingException;

/** Opens quotas where the settings say; where that cannot be, in the memory of this node, and the log says so. */
final class StoreChoice {

    private static final System.Logger LOG = System.getLogger(StoreChoice.class.getName());

    private StoreChoice() {}

    static Quotas open(QuotaSettings settings, String contextPath) {
        QuotaSettings.StoreKind kind = settings.store().kind();
        try {
            return switch (kind) {
                case AUTO -> hazelcastIfThereIs(settings, contextPath);
                case MEMORY -> Quotas.inMemory(settings.quotas());
                case HAZELCAST -> hazelcast(settings, contextPath);
                case REDIS -> redis(settings, contextPath);
            };
        } catch (NamingException | RuntimeException | LinkageError e) {
            // The exception of a URL quotes it, and with it the password.
            String reason = kind == QuotaSettings.StoreKind.REDIS ? e.getClass().getName() : e.toString();
            LOG.log(
                    Level.ERROR,
                    "{0}store={1} cannot be used ({2}); each node counts for itself",
                    QuotaSettings.PREFIX,
                    kind,
                    reason);
            return Quotas.inMemory(settings.quotas());
        }
    }

    private static Quotas hazelcastIfThereIs(QuotaSettings settings, String contextPath) {
        try {
            Quotas quotas = hazelcast(settings, contextPath);
            LOG.log(
                    Level.INFO,
                    "Quotas of {0}/ are counted in the server''s Hazelcast, over all its nodes",
                    contextPath);
            return quotas;
        } catch (NamingException | LinkageError e) { // no such server, or it was told to run none
            LOG.log(Level.DEBUG, "No Hazelcast here: quotas are counted in memory", e);
            return Quotas.inMemory(settings.quotas());
        }
    }

    private static Quotas hazelcast(QuotaSettings settings, String contextPath) throws NamingException {
        QuotaSettings.StoreSettings store = settings.store();
        return Quotas.hazelcast(settings.quotas(), store.hazelcast(), namespace(store, contextPath), store.timeout());
    }

    private static Quotas redis(QuotaSettings settings, String contextPath) {
        QuotaSettings.StoreSettings store = settings.store();
        String url = store.redisUrl()
                .orElseThrow(() -> new IllegalStateException(QuotaSettings.PREFIX + "redis-url is not set"));
        return Quotas.redis(settings.quotas(), url, namespace(store, contextPath), store.timeout());
    }

    private static String namespace(QuotaSettings.StoreSettings store, String contextPath) {
        return store.namespace().orElse(contextPath);
    }
}
