package io.github.difyjakarta.quota;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.naming.NamingException;

/**
 * Decides who may go on, by all limits at once: those of the caller, of the Dify app and of all together. What one of them refuses
 * counts at none. Thread-safe; of two callers at the same moment only one gets the last piece.
 *
 * <p>Streams are counted by this instance, requests and tokens in its store, which other nodes may share. When a shared store does
 * not answer within its timeout (80 ms by default, from one's turn on; longer while it starts, moves or is crowded), requests pass
 * uncounted and reservations of tokens are refused.
 *
 * <p>Made once for an application, and closed with it. In a web application its {@code QuotaFilter} has done that.
 */
public final class Quotas implements AutoCloseable {

    static final Duration LONGEST_IDLE = Policy.DAY.multipliedBy(8);

    private final QuotaConfig config;
    private final QuotaStore store;
    private final InFlight inFlight = new InFlight();
    private final Tally tally = new Tally();
    private final Rates rates;
    private final Budgets budgets;
    private final Plan user;
    private final Plan anonymous;
    private final Layer global;
    private final Map<String, Plan> roles = new LinkedHashMap<>();
    private final Map<String, Layer> apps;

    /** Quotas of this process alone, in its memory. */
    public static Quotas inMemory(QuotaConfig config) {
        return inMemory(config, System::nanoTime);
    }

    /**
     * Quotas that all nodes of a cluster share, in the Hazelcast of the server.
     *
     * @param jndiName of its instance: {@code payara/Hazelcast} in Payara
     * @param application what tells it from other applications of the cluster, such as its context path
     * @param timeout for an answer, after which requests pass uncounted; 80 ms by default
     * @throws NamingException if there is none of that name
     * @throws LinkageError if the server has no Hazelcast at all
     */
    public static Quotas hazelcast(QuotaConfig config, String jndiName, String application, Duration timeout)
            throws NamingException {
        QuotaStore store =
                HazelcastStore.of(HazelcastStore.lookUp(jndiName), application, config.maxCallers(), idle(config));
        return shared(config, new GuardedStore("Hazelcast", application, store, timeout, System::nanoTime));
    }

    /**
     * Quotas that all nodes share, in Redis. Connects in the background, and again when needed.
     *
     * @param url such as {@code redis://:password@host:6379/0}, or {@code rediss://…} with TLS
     * @param application what tells it from other applications that use this Redis, such as its context path
     * @param timeout for an answer, after which requests pass uncounted; 80 ms by default
     * @throws IllegalArgumentException if the URL is none
     * @throws LinkageError if Lettuce is not on the class path
     */
    public static Quotas redis(QuotaConfig config, String url, String application, Duration timeout) {
        QuotaStore store = RedisStore.of(url, application);
        return shared(config, new GuardedStore("Redis", application, store, timeout, System::nanoTime));
    }

    private static Quotas shared(QuotaConfig config, GuardedStore store) {
        store.warmUp(() -> {
            Bucket bucket = store.bucket(Plan.Kind.ADDRESS, "warm-up", Plan.WARM_UP);
            bucket.asVerbose().tryConsumeAndReturnRemaining(1);
            bucket.addTokens(1);
        });
        return new Quotas(config, store);
    }

    /** In memory by a clock that counts nanoseconds and is never set. */
    static Quotas inMemory(QuotaConfig config, LongSupplier nanos) {
        return new Quotas(config, new LocalStore(config.maxCallers(), idle(config), nanos));
    }

    Quotas(QuotaConfig config, QuotaStore store) {
        this.config = config;
        this.store = store;
        this.rates = new Rates(store, tally);
        this.budgets = new Budgets(store, config.tokenReservation(), tally);
        this.user = Plan.of(Plan.Kind.USER, "user", config.user());
        this.anonymous = Plan.of(Plan.Kind.ADDRESS, "anonymous", config.anonymous());
        this.global = new Layer(Plan.of(Plan.Kind.GLOBAL, "global", config.global()), "");
        config.roles().forEach((role, limits) -> roles.put(role, Plan.of(Plan.Kind.USER, "role." + role, limits)));
        Map<String, Layer> layers = new LinkedHashMap<>();
        config.apps().forEach((app, limits) -> layers.put(app, new Layer(Plan.of(Plan.Kind.APP, "app", limits), app)));
        this.apps = Map.copyOf(layers);
        Stream.of(user, anonymous).map(plan -> new Layer(plan, "")).forEach(tally::expect);
        roles.values().stream().map(plan -> new Layer(plan, "")).forEach(tally::expect);
        layers.values().forEach(tally::expect);
        tally.expect(global);
    }

    /** The time after which a bucket is full again; of tokens with a debt of up to a week's. */
    static Duration idle(QuotaConfig config) {
        Duration idle = Policy.MINUTE;
        List<Limits> callers = new ArrayList<>(config.roles().values());
        callers.addAll(List.of(config.user(), config.anonymous()));
        for (Limits limits : callers) {
            if (limits.tokensPerDay() != Limits.UNLIMITED) {
                return LONGEST_IDLE;
            }
            if (limits.requestsPerDay() != Limits.UNLIMITED) {
                idle = Policy.DAY;
            }
        }
        return idle;
    }

    /**
     * A user who is logged in.
     *
     * @param name as the realm has it, never what a client says; blanks around it, case (unless configured) and forms of the same
     *     character make no difference
     * @param inRole whether the user has a role; asked for the configured ones only
     */
    public QuotaCaller caller(String name, Predicate<String> inRole) {
        String key = CallerName.key(name, config.caseSensitiveNames());
        for (Map.Entry<String, Plan> role : roles.entrySet()) {
            if (inRole.test(role.getKey())) {
                return new QuotaCaller(role.getValue(), key);
            }
        }
        return new QuotaCaller(user, key);
    }

    /**
     * Somebody who is not logged in.
     *
     * @param address from which the request comes, as {@link ClientAddress} tells
     */
    public QuotaCaller anonymous(String address) {
        return new QuotaCaller(anonymous, CallerName.key(address, false));
    }

    /**
     * Takes what a piece of work costs, or nothing. Whoever is admitted closes the {@link Admission} at the end of the work,
     * whatever end that is.
     *
     * @param app of Dify, if it is about one; apps without limits of their own make no difference
     */
    public Decision admit(QuotaCaller caller, Optional<String> app, Cost cost) {
        List<Layer> layers = layers(caller, app);
        List<String> held = new ArrayList<>(layers.size());
        boolean admitted = false;
        try {
            if (cost == Cost.STREAM) {
                Optional<Layer> full = takeStreams(layers, held);
                if (full.isPresent()) {
                    return tooManyStreams(layers.get(0), full.get());
                }
            }
            Rates.Taken taken = rates.take(layers);
            if (taken.refusedBy().isPresent()) {
                giveBack(held);
                return tooManyRequests(layers.get(0), taken.refusedBy().get(), taken);
            }
            admitted = true;
            return admission(layers, taken.own(), cost, held);
        } finally {
            if (!admitted) {
                giveBack(held);
            }
        }
    }

    /** At once where somebody is refused: what is then left, the caller is told. */
    private void giveBack(List<String> held) {
        inFlight.giveBack(held);
        held.clear();
    }

    private Admission admission(List<Layer> layers, List<Standing> rated, Cost cost, List<String> held) {
        Layer own = layers.get(0);
        tally.admitted();
        if (cost == Cost.STREAM) {
            tally.streamBegan();
        }
        return new Admission(
                own.plan().header(), standings(own, rated), characters -> budgets.reserve(layers, characters), () -> {
                    inFlight.giveBack(held);
                    if (cost == Cost.STREAM) {
                        tally.streamEnded();
                    }
                });
    }

    /**
     * What is left of the caller's own limits of requests and streams. Takes nothing.
     *
     * @return in the order of the settings; empty where nothing is limited, or a shared store does not answer
     */
    public List<Standing> standings(QuotaCaller caller) {
        return standings(caller.layer(), rates.peek(caller.layer()));
    }

    private List<Layer> layers(QuotaCaller caller, Optional<String> app) {
        Layer ofApp = app.isPresent() ? apps.get(app.get()) : null;
        return ofApp == null ? List.of(caller.layer(), global) : List.of(caller.layer(), ofApp, global);
    }

    /** Those taken are added to {@code held}; the result is the layer that has no more, and then none is taken. */
    private Optional<Layer> takeStreams(List<Layer> layers, List<String> held) {
        for (Layer layer : layers) {
            Optional<Policy> limit = layer.plan().streams();
            if (limit.isPresent()) {
                if (!inFlight.take(layer.key(), limit.get().quota())) {
                    giveBack(held);
                    return Optional.of(layer);
                }
                held.add(layer.key());
            }
        }
        return Optional.empty();
    }

    private List<Standing> standings(Layer own, List<Standing> rated) {
        Optional<Policy> streams = own.plan().streams();
        if (streams.isEmpty()) {
            return rated;
        }
        List<Standing> all = new ArrayList<>(rated);
        all.add(left(streams.get(), own));
        return all;
    }

    private Standing left(Policy streams, Layer layer) {
        return new Standing(streams, Math.max(0, streams.quota() - inFlight.count(layer.key())), 0);
    }

    private Refusal tooManyStreams(Layer own, Layer full) {
        Policy limit = full.plan().streams().orElseThrow();
        tally.refused(full, limit);
        List<Standing> rated = rates.peek(own);
        List<Standing> standings = new ArrayList<>(full.key().equals(own.key()) ? rated : standings(own, rated));
        standings.add(new Standing(limit, 0, 0));
        return Refusal.exceeded(
                Wording.tooManyStreams(full.plan().kind(), limit),
                Wording.RETRY_STREAM,
                List.of(limit.name()),
                standings);
    }

    private Refusal tooManyRequests(Layer own, Layer refusing, Rates.Taken taken) {
        List<Standing> standings = new ArrayList<>(standings(own, taken.own()));
        if (!refusing.key().equals(own.key())) {
            standings.addAll(taken.violated());
        }
        List<Policy> violated = taken.violated().stream().map(Standing::policy).toList();
        tally.refused(refusing, violated.get(violated.size() - 1)); // the one that lasts longest
        return Refusal.exceeded(
                Wording.tooManyRequests(refusing.plan().kind(), violated, taken.secondsToWait()),
                taken.secondsToWait(),
                violated.stream().map(Policy::name).toList(),
                standings);
    }

    /**
     * Tells of each refusal by a limit, once it is in the {@linkplain #totals() totals}; in place of whoever was told before. Not of
     * tokens that are refused since a shared store does not answer.
     *
     * @param listener runs on the thread that decides, and holds up whoever is refused; must not throw
     */
    public void onRefused(Runnable listener) {
        tally.onRefused(listener);
    }

    /** What was decided so far on this node. */
    public QuotaTotals totals() {
        return tally.totals(store.isAnswering());
    }

    /** How many callers, apps and all together have a stream: 0 when none runs. */
    int running() {
        return inFlight.size();
    }

    /** Lets go of the store. */
    @Override
    public void close() {
        store.close();
    }
}
