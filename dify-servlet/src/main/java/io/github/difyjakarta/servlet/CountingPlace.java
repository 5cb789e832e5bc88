package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Quotas;
import javax.naming.NamingException;

/** Opens quotas where the settings say; where that cannot be, in the memory of this node, and the log says so. */
final class CountingPlace {

    private static final System.Logger LOG = System.getLogger(CountingPlace.class.getName());

    private CountingPlace() {}

    static Quotas open(QuotaSettings settings, String application) {
        try {
            return switch (settings.store()) {
                case MEMORY -> Quotas.inMemory(settings.quotas());
                case HAZELCAST -> Quotas.hazelcast(settings.quotas(), settings.hazelcast(), application);
                case REDIS -> Quotas.redis(settings.quotas(), redisUrl(settings), application);
            };
        } catch (NamingException | RuntimeException | LinkageError e) {
            // The exception of a URL quotes it, and with it the password.
            String reason =
                    settings.store() == QuotaSettings.Store.REDIS ? e.getClass().getName() : e.toString();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "{0}store={1} cannot be used ({2}); each node counts for itself",
                    QuotaSettings.PREFIX,
                    settings.store(),
                    reason);
            return Quotas.inMemory(settings.quotas());
        }
    }

    private static String redisUrl(QuotaSettings settings) {
        return settings.redisUrl()
                .orElseThrow(() -> new IllegalStateException(QuotaSettings.PREFIX + "redis-url is not set"));
    }
}
