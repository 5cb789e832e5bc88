package io.github.difyjakarta.app;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.app.AppParameters;
import io.github.difyjakarta.client.call.DaemonTimer;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.relay.Relays;
import io.github.difyjakarta.servlet.Settings;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Dify clients of this web application by name, for code without CDI: {@code DifyClients.get("support")}. Made at
 * deployment, or at the first call; ended at undeployment. Thread-safe.
 */
public final class DifyClients {
    private static final Duration PARAMETERS_KEPT = Duration.ofMinutes(1);
    /** So many answers are paid at once; each may wait for a shared store, for its timeout at most. */
    private static final int PAYING_THREADS = 4;

    private static @Nullable DifyClients instance;

    private final DifySettings settings;
    private final ScheduledExecutorService timer;
    private final ExecutorService payments = payments(PAYING_THREADS);
    private final Map<String, DifyClient> clients = new LinkedHashMap<>();
    private final Relays relays;
    private final Semaphore uploadPlaces;
    private final AsyncCache<String, AppParameters> parameters = Caffeine.newBuilder()
            .expireAfterWrite(PARAMETERS_KEPT)
            .executor(Runnable::run) // else a thread that all applications of the server share keeps our classes
            .buildAsync();

    private DifyClients(DifySettings settings) {
        this.settings = settings;
        this.timer = new DaemonTimer();
        this.relays = new Relays(settings.relay(), timer);
        this.uploadPlaces = new Semaphore(settings.files().maxUploads());
        DifyClient first = null;
        for (Map.Entry<String, DifyConfig> app : settings.apps().entrySet()) {
            DifyClient client = first == null ? DifyClient.create(app.getValue(), timer) : first.with(app.getValue());
            first = first == null ? client : first;
            clients.put(app.getKey(), client);
        }
    }

    /**
     * The client of the app without a name, configured by {@code dify.api-url} and {@code dify.api-key}. Always returns one;
     * where configuration is missing every use of it fails with a {@link DifyConfigurationException} that says what.
     */
    public static DifyClient get() {
        return get(DifySettings.DEFAULT_APP);
    }

    /**
     * The client of a named app.
     *
     * @param app one of {@code dify.apps}, or {@value DifySettings#DEFAULT_APP}
     * @return never null: for an unknown name every use fails and says so
     */
    public static DifyClient get(String app) {
        return current().client(app);
    }

    /** The clients made for this application; makes them where nothing has yet. */
    public static synchronized DifyClients current() {
        DifyClients made = instance;
        return made == null ? start(DifySettings.from(Settings.lookup())) : made;
    }

    /** Makes the clients for settings, at deployment. Keeps those that are there already and have not been stopped. */
    public static synchronized DifyClients start(DifySettings settings) {
        DifyClients made = instance;
        if (made == null || made.relays.isShutDown()) {
            made = new DifyClients(settings);
            instance = made;
        }
        return made;
    }

    /**
     * Ends streams, connections and threads, at undeployment. What was made stays what {@link #current} returns: a request that
     * comes now is refused by it, and waits for nothing.
     */
    public static void stop() {
        DifyClients made;
        synchronized (DifyClients.class) {
            made = instance;
        }
        if (made != null) {
            made.close();
        }
    }

    private void close() {
        relays.shutDown();
        clients.values().forEach(DifyClient::close);
        payments.shutdown(); // what is owed by now is still paid
        timer.shutdownNow();
    }

    /** Daemon threads, which are there only while something is to be paid. */
    private static ExecutorService payments(int most) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(most, most, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    // What the thread that begins it has of thread-locals is not for it.
                    Thread thread = new Thread(null, task, "dify-tokens", 0, false);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The settings they were made for. */
    public DifySettings settings() {
        return settings;
    }

    /** The streams on their way to browsers. */
    public Relays relays() {
        return relays;
    }

    /** A clock for tasks that are short and never block; ended with the clients. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** For the payment of answers, which may wait for a shared store; ended with the clients. */
    public Executor payments() {
        return payments;
    }

    /** Of the files that are on their way at once. */
    public Semaphore uploadPlaces() {
        return uploadPlaces;
    }

    /** What an app says of itself, at most a minute old. */
    public CompletableFuture<AppParameters> parameters(String app) {
        return parameters.get(app, (name, executor) -> client(name).app().parametersAsync());
    }

    /** Whether an app of this name is configured, well or not. */
    public boolean isNamed(String app) {
        return settings.named().contains(app);
    }

    /** The client of an app; where it is not configured, one that says so. */
    public DifyClient client(String app) {
        return Optional.ofNullable(clients.get(app)).orElseGet(() -> unconfigured(app));
    }

    private DifyClient unconfigured(String app) {
        String message = isNamed(app)
                ? settings.problemMessage().orElse("Dify app " + app + " is not configured")
                : "There is no Dify app named \"" + app + "\": dify.apps does not list it";
        return (DifyClient) Proxy.newProxyInstance(
                DifyClient.class.getClassLoader(), new Class<?>[] {DifyClient.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "toString" -> "DifyClient[not configured]";
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> arguments != null && proxy == arguments[0];
                        case "close" -> null;
                        default -> throw new DifyConfigurationException(message);
                    };
                });
    }
}
