package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Quotas;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The totals of an application's quotas, in the JVM's MBean server from {@link #show} to {@link #close}. Thread-safe. */
final class JmxQuotas implements QuotaMXBean, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(JmxQuotas.class.getName());

    private final Quotas quotas;
    private final ObjectName name;

    private JmxQuotas(Quotas quotas, ObjectName name) {
        this.quotas = quotas;
        this.name = name;
    }

    /** Registers them; where that cannot be, the application works without. */
    static AutoCloseable show(Quotas quotas, String contextPath) {
        try {
            JmxQuotas shown = new JmxQuotas(quotas, name(contextPath));
            ManagementFactory.getPlatformMBeanServer().registerMBean(shown, shown.name);
            return shown;
        } catch (JMException e) {
            LOG.log(System.Logger.Level.WARNING, "Quotas of " + contextPath + "/ are not shown by JMX", e);
            return () -> {};
        }
    }

    static ObjectName name(String contextPath) throws MalformedObjectNameException {
        String context = contextPath.isEmpty() ? "/" : contextPath;
        return new ObjectName("io.github.difyjakarta:type=Quotas,context="
                + (context.matches("[\\w/.~-]+") ? context : ObjectName.quote(context)));
    }

    @Override
    public long getAdmitted() {
        return quotas.totals().admitted();
    }

    @Override
    public long getRefused() {
        return quotas.totals().refused();
    }

    @Override
    public Map<String, Long> getRefusedBySetting() {
        return quotas.totals().refusedBySetting();
    }

    @Override
    public long getRunning() {
        return quotas.totals().running();
    }

    @Override
    public long getTokens() {
        return quotas.totals().tokens();
    }

    @Override
    public long getUncounted() {
        return quotas.totals().uncounted();
    }

    @Override
    public long getUnavailable() {
        return quotas.totals().unavailable();
    }

    @Override
    public boolean isStoreAnswering() {
        return quotas.totals().storeAnswers();
    }

    @Override
    public void close() throws JMException {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    }
}
