package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.QuotaTotals;
import io.github.difyjakarta.quota.Quotas;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows an administrator the totals of quotas: by JMX, by MicroProfile Metrics where the server has it, and in the log, where a
 * first refusal is told at once and further ones each ten minutes together. No name and no address is in any of them.
 * Thread-safe.
 */
final class QuotaDisplays implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(QuotaDisplays.class.getName());

    static final Duration REPORT_EVERY = Duration.ofMinutes(10);

    private final Quotas quotas;
    private final String contextPath;
    private final LongSupplier nanos;
    private final long start;
    private final AtomicLong nextReport = new AtomicLong();
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile @Nullable QuotaTotals reported;

    /** In the log alone. */
    QuotaDisplays(Quotas quotas, String contextPath, LongSupplier nanos) {
        this.quotas = quotas;
        this.contextPath = contextPath;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    /** In all of them. */
    static QuotaDisplays open(Quotas quotas, String contextPath) {
        QuotaDisplays displays = new QuotaDisplays(quotas, contextPath, System::nanoTime);
        quotas.onRefused(displays::refused);
        displays.open.add(JmxQuotas.show(quotas, contextPath));
        try {
            displays.open.add(QuotaMetrics.show(quotas, contextPath));
        } catch (RuntimeException | LinkageError e) { // a server without them, or an application without CDI
            LOG.log(Level.DEBUG, "Quotas are not shown by MicroProfile Metrics", e);
        }
        return displays;
    }

    /** To be called when somebody was refused and that was counted, by whichever way one asked. */
    void refused() {
        long now = nanos.getAsLong() - start;
        long next = nextReport.get();
        if (now >= next && nextReport.compareAndSet(next, now + REPORT_EVERY.toNanos())) {
            report(quotas.totals());
        }
    }

    /** What was refused since the last time. */
    private void report(QuotaTotals totals) {
        QuotaTotals before = reported;
        reported = totals;
        SortedMap<String, Long> news = new TreeMap<>();
        totals.refusedBySetting().forEach((setting, count) -> {
            long more = count - (before == null ? 0 : before.refusedBySetting().getOrDefault(setting, 0L));
            if (more > 0) {
                news.put(setting, more);
            }
        });
        if (news.isEmpty()) {
            return;
        }
        long admitted = totals.admitted() - (before == null ? 0 : before.admitted());
        // Who is over a limit of one's own is a matter of that user; what stops everybody is the administrator's.
        boolean shared = news.keySet().stream().anyMatch(QuotaDisplays::isShared);
        LOG.log(
                shared ? Level.WARNING : Level.INFO,
                "Quotas of {0}/ have refused: {1}; {2} passed, {3} run now",
                contextPath,
                news,
                Long.toString(admitted),
                Long.toString(totals.running()));
    }

    private static boolean isShared(String setting) {
        return setting.startsWith("dify.apps.") || setting.startsWith(QuotaSettings.PREFIX + "global.");
    }

    @Override
    public void close() {
        report(quotas.totals());
        for (AutoCloseable display : open) {
            try {
                display.close();
            } catch (Exception e) { // the application ends; nothing else can be done about it
                LOG.log(Level.WARNING, "Quotas of " + contextPath + "/ are still shown", e);
            }
        }
    }
}
