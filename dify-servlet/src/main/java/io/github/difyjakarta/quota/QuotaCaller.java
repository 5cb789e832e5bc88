package io.github.difyjakarta.quota;

/**
 * Whose limits count: a user, or an address from which somebody asks who is not logged in. Made by {@link Quotas#caller} and
 * {@link Quotas#anonymous}, once for a session or connection; the same name always means the same counters. Immutable.
 */
public final class QuotaCaller {

    private final Layer layer;

    QuotaCaller(Plan plan, String name) {
        this.layer = new Layer(plan, name);
    }

    /** What its counters are kept by. */
    Layer layer() {
        return layer;
    }

    @Override
    public String toString() {
        return layer.plan().id(); // a name or an address has no business in a log
    }
}
