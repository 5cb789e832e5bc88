package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.ClientAddress;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaConfig;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Quotas as the administrator has set them. Immutable.
 *
 * @param enabled whether anything is limited
 * @param urlPatterns what counts; empty if nothing was said
 * @param quotas the limits
 * @param address how the address of a caller is found who is not logged in
 * @param legacyHeaders whether answers have {@code X-RateLimit-*} as well
 * @param callerResolver the class of a {@link CallerResolver}; else a bean of that type, or the container, tells who calls
 * @param store where it is counted
 */
record QuotaSettings(
        boolean enabled,
        Optional<List<String>> urlPatterns,
        QuotaConfig quotas,
        ClientAddress address,
        boolean legacyHeaders,
        Optional<String> callerResolver,
        StoreSettings store) {

    /**
     * Where it is counted.
     *
     * @param kind in what
     * @param hazelcast the JNDI name of the server's
     * @param redisUrl of Redis, which may hold a password
     * @param namespace what applications have in common that count together; empty for the context path
     * @param timeout for an answer of a shared store
     */
    record StoreSettings(
            StoreKind kind, String hazelcast, Optional<String> redisUrl, Optional<String> namespace, Duration timeout) {

        static final StoreSettings DEFAULTS =
                new StoreSettings(StoreKind.AUTO, HAZELCAST, Optional.empty(), Optional.empty(), Duration.ofMillis(80));

        static StoreSettings from(Function<String, Optional<String>> lookup, Settings.Problems problems) {
            return new StoreSettings(
                    problems.read(lookup, PREFIX + "store", DEFAULTS.kind, Settings.oneOf(StoreKind.class)),
                    problems.read(lookup, PREFIX + "hazelcast", DEFAULTS.hazelcast, Settings::text),
                    problems.read(lookup, PREFIX + "redis-url", Settings::text),
                    problems.read(lookup, PREFIX + "namespace", Settings::text),
                    problems.read(lookup, PREFIX + "store-timeout", DEFAULTS.timeout, QuotaSettings::timeout));
        }

        /** Without the URL, which may hold a password. */
        @Override
        public String toString() {
            return "StoreSettings[kind=" + kind + ", hazelcast=" + hazelcast + ", namespace=" + namespace + ", timeout="
                    + timeout + ']';
        }
    }

    /** In what it is counted. */
    enum StoreKind {
        /** In the Hazelcast of the server if it runs one, else in this process. */
        AUTO,
        /** In this process. */
        MEMORY,
        /** In the Hazelcast of the server. */
        HAZELCAST,
        /** In a Redis. */
        REDIS
    }

    private static final System.Logger LOG = System.getLogger(QuotaSettings.class.getName());

    static final String PREFIX = "dify.quota.";
    static final String HAZELCAST = "payara/Hazelcast";
    static final String UNLIMITED = "unlimited";
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** What counts if nothing was said and the JAR has registered the filter: our own endpoints. */
    static final List<String> OWN_ENDPOINTS = List.of("/dify/*");

    /**
     * Reads everything. What is wrong is logged and has its default: a limit with a typing error must not become none.
     *
     * @throws ServletException saying what is wrong, where {@code dify.strict=true}
     */
    static QuotaSettings read(Function<String, Optional<String>> lookup) throws ServletException {
        Settings.Problems problems = new Settings.Problems();
        QuotaSettings settings = from(lookup, problems);
        if (!problems.messages().isEmpty() && problems.read(lookup, "dify.strict", false, Settings::bool)) {
            throw new ServletException(String.join("; ", problems.messages()));
        }
        problems.messages()
                .forEach(problem -> LOG.log(System.Logger.Level.ERROR, "{0}; its default is in force", problem));
        return settings;
    }

    /** Reads everything; what is wrong is added to the problems, and has its default. */
    static QuotaSettings from(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        return new QuotaSettings(
                problems.read(lookup, PREFIX + "enabled", true, Settings::bool),
                problems.read(lookup, PREFIX + "url-patterns", Settings::list),
                quotas(lookup, problems),
                TrustedProxies.from(lookup, problems),
                problems.read(lookup, PREFIX + "legacy-headers", false, Settings::bool),
                problems.read(lookup, PREFIX + "caller-resolver", Settings::text),
                StoreSettings.from(lookup, problems));
    }

    private static QuotaConfig quotas(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        QuotaConfig defaults = QuotaConfig.DEFAULTS;
        Limits user = limits(lookup, problems, PREFIX + "user.", defaults.user());
        Map<String, Limits> roles = new LinkedHashMap<>();
        for (String role : problems.read(lookup, PREFIX + "roles", List.<String>of(), Settings::list)) {
            roles.put(role, limits(lookup, problems, PREFIX + "role." + role + '.', user));
        }
        Map<String, Limits> apps = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(problems.read(lookup, "dify.apps", List.<String>of(), Settings::list));
        names.add("default");
        for (String app : names) {
            Limits limits = limits(lookup, problems, "dify.apps." + app + ".quota.", Limits.NONE);
            if (!limits.equals(Limits.NONE)) {
                apps.put(app, limits);
            }
        }
        return new QuotaConfig(
                user,
                limits(lookup, problems, PREFIX + "anonymous.", defaults.anonymous()),
                limits(lookup, problems, PREFIX + "global.", defaults.global()),
                roles,
                apps,
                problems.read(lookup, PREFIX + "case-sensitive-names", defaults.caseSensitiveNames(), Settings::bool),
                problems.read(lookup, PREFIX + "max-callers", defaults.maxCallers(), Settings.integer(1, 100_000_000)),
                problems.read(
                        lookup,
                        PREFIX + "token-reservation",
                        Math.toIntExact(defaults.tokenReservation()),
                        Settings.integer(1, 1_000_000)));
    }

    private static Limits limits(
            Function<String, Optional<String>> lookup, Settings.Problems problems, String prefix, Limits defaults) {
        return new Limits(
                limit(lookup, problems, prefix + "requests-per-minute", defaults.requestsPerMinute()),
                limit(lookup, problems, prefix + "requests-per-day", defaults.requestsPerDay()),
                limit(lookup, problems, prefix + "streams", defaults.streams()),
                limit(lookup, problems, prefix + "tokens-per-day", defaults.tokensPerDay()));
    }

    private static long limit(
            Function<String, Optional<String>> lookup, Settings.Problems problems, String key, long defaultValue) {
        return problems.read(lookup, key, defaultValue, QuotaSettings::limit);
    }

    private static long limit(String key, String value) {
        try {
            return value.equalsIgnoreCase(UNLIMITED)
                    ? Limits.UNLIMITED
                    : Settings.integer(1, (int) Limits.MOST).parse(key, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; or " + UNLIMITED, e);
        }
    }

    private static Duration timeout(String key, String value) {
        Duration timeout = Settings.duration(key, value);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(key + " must be from 10ms to 10s, not \"" + value + '"');
        }
        return timeout;
    }
}
