package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.QuotaTotals;
import io.github.difyjakarta.quota.Quotas;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.enterprise.inject.spi.Unmanaged;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The totals of an application's quotas as gauges of MicroProfile Metrics, such as {@code dify_quota_refused{context="/shop",
 * setting="dify.quota.user.streams"}}, until {@link #close}. The one class that names types of MicroProfile Metrics: to be loaded
 * only by whoever is ready for a {@link LinkageError}. Thread-safe.
 */
final class QuotaMetrics implements AutoCloseable {

    private final MetricRegistry registry;
    private final List<MetricID> shown = new ArrayList<>();

    private QuotaMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    /**
     * Registers all of them, or none.
     *
     * @throws IllegalStateException if the application has no CDI, by which the registry is found
     * @throws LinkageError if the server has no MicroProfile Metrics
     */
    static AutoCloseable show(Quotas quotas, String contextPath) {
        return show(registry(), quotas, contextPath);
    }

    static AutoCloseable show(MetricRegistry registry, Quotas quotas, String contextPath) {
        QuotaMetrics metrics = new QuotaMetrics(registry);
        try {
            metrics.register(quotas, new Tag("context", contextPath.isEmpty() ? "/" : contextPath));
            return metrics;
        } catch (RuntimeException | LinkageError e) {
            metrics.close();
            throw e;
        }
    }

    /** Payara gives a registry to a field only, not to who asks for it: it reads annotations beside it. */
    private static MetricRegistry registry() {
        Unmanaged.UnmanagedInstance<Field> instance =
                new Unmanaged<>(CDI.current().getBeanManager(), Field.class).newInstance();
        instance.produce();
        try {
            MetricRegistry found = instance.inject().get().registry;
            if (found == null) {
                throw new IllegalStateException("No registry was injected");
            }
            return found;
        } finally {
            instance.dispose();
        }
    }

    /** To be injected into. */
    static class Field {
        @Inject
        @Nullable MetricRegistry registry;
    }

    private void register(Quotas quotas, Tag context) {
        gauge("admitted", "Requests and messages that passed", quotas, QuotaTotals::admitted, context);
        gauge("running", "Streams at this moment", quotas, QuotaTotals::running, context);
        gauge("tokens", "Tokens that were charged, where they are limited", quotas, QuotaTotals::tokens, context);
        gauge("uncounted", "Passed while the shared store did not answer", quotas, QuotaTotals::uncounted, context);
        gauge("unavailable", "Answers refused for the same reason", quotas, QuotaTotals::unavailable, context);
        gauge("store_answers", "1 if the store does", quotas, totals -> totals.storeAnswers() ? 1 : 0, context);
        for (String setting : quotas.totals().refusedBySetting().keySet()) {
            gauge(
                    "refused",
                    "Requests, messages and answers refused by a limit",
                    quotas,
                    totals -> totals.refusedBySetting().get(setting),
                    context,
                    new Tag("setting", setting));
        }
    }

    private void gauge(String name, String description, Quotas quotas, ToLongFunction<QuotaTotals> value, Tag... tags) {
        Metadata metadata = Metadata.builder()
                .withName("dify_quota_" + name)
                .withDescription(description)
                .build();
        registry.gauge(metadata, () -> value.applyAsLong(quotas.totals()), tags);
        shown.add(new MetricID(metadata.getName(), tags));
    }

    @Override
    public void close() {
        shown.forEach(registry::remove);
    }
}
