package io.github.difyjakarta.quota;

/** One of the limits that apply together: those of a caller, of an app or of all. Immutable. */
final class Layer {

    private final Plan plan;
    private final String name;
    private final String key;

    /**
     * Limits of somebody.
     *
     * @param plan what is limited
     * @param name of whom; empty where there is only one
     */
    Layer(Plan plan, String name) {
        this.plan = plan;
        this.name = name;
        this.key = plan.id() + ':' + name;
    }

    Plan plan() {
        return plan;
    }

    /** By which requests are counted, and running streams. */
    String key() {
        return key;
    }

    /** By which tokens are counted. */
    String tokensKey() {
        return key + "#tokens";
    }

    /** The key by which the administrator sets one of its limits. */
    String setting(Policy policy) {
        String limit = policy.name().substring(plan.kind().prefix().length());
        return plan.kind() == Plan.Kind.APP
                ? "dify.apps." + name + ".quota." + limit
                : "dify.quota." + plan.id() + '.' + limit;
    }
}
