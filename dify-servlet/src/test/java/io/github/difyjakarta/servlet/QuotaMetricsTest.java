package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.quota.QuotaConfig;
import io.github.difyjakarta.quota.Quotas;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.junit.jupiter.api.Test;

class QuotaMetricsTest {

    private final Quotas quotas = Quotas.inMemory(QuotaConfig.DEFAULTS);
    private final List<MetricID> registered = new ArrayList<>();

    /** A registry with room for so many. */
    private MetricRegistry registry(int room) {
        return (MetricRegistry) Proxy.newProxyInstance(
                QuotaMetricsTest.class.getClassLoader(),
                new Class<?>[] {MetricRegistry.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "gauge" -> {
                        if (registered.size() == room) {
                            throw new IllegalArgumentException("There is one of that name");
                        }
                        registered.add(new MetricID(((Metadata) arguments[0]).getName(), (Tag[]) arguments[2]));
                        yield null;
                    }
                    case "remove" -> registered.remove((MetricID) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void showEveryTotalUntilTheyAreClosed() throws Exception {
        AutoCloseable shown = QuotaMetrics.show(registry(1_000), quotas, "/shop");
        assertThat(registered)
                .hasSize(6 + quotas.totals().refusedBySetting().size())
                .contains(new MetricID("dify_quota_admitted", new Tag("context", "/shop")));
        shown.close();
        assertThat(registered).isEmpty();
    }

    @Test
    void leaveNothingWhereOneOfThemCannotBeRegistered() {
        MetricRegistry small = registry(3);
        assertThatThrownBy(() -> QuotaMetrics.show(small, quotas, "/shop"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(registered).isEmpty();
    }
}
