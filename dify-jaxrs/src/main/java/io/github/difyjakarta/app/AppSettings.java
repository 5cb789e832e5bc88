package io.github.difyjakarta.app;

import io.github.difyjakarta.client.call.TransportSettings;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.KeyStoreFile;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.ProxyServer;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.servlet.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** The settings of one app, each inherited from the one without its name. */
final class AppSettings {
    private static final int MAX_BYTES = 1 << 30;
    private static final int DEFAULT_PROXY_PORT = 3128;

    private final String prefix;
    private final Function<String, Optional<String>> lookup;
    private final Function<String, Optional<String>> inherited;
    private final Settings.Problems problems;

    AppSettings(String name, Function<String, Optional<String>> lookup, Settings.Problems problems) {
        this.lookup = lookup;
        this.problems = problems;
        this.prefix = name.equals(DifySettings.DEFAULT_APP) ? "dify." : "dify.apps." + name + ".";
        this.inherited = key -> lookup.apply(prefix + key).or(() -> lookup.apply("dify." + key));
    }

    /** The app, where it is configured well; else the problems say what is wrong. */
    Optional<DifyConfig> config() {
        Optional<URI> url = url();
        Optional<ApiKey> key = key();
        if (url.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        Optional<AppMode> mode = mode();
        try {
            DifyConfig config =
                    new DifyConfig(url.get(), key.get(), mode, timeouts(), retry(), limits(), breaker(), connections());
            TransportSettings.of(config.connections()); // a key store that cannot be read is told now
            return Optional.of(config);
        } catch (IllegalArgumentException e) {
            problems.add(key("api-url") + " and the settings beside it: " + e.getMessage());
        } catch (DifyConfigurationException e) {
            problems.add(key("connection.trust-store") + " and " + key("connection.key-store") + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    /** The key that an administrator would set. */
    String key(String relative) {
        return prefix + relative;
    }

    private <T> Optional<T> read(String relative, Settings.Parser<T> parser) {
        return problems.read(full -> inherited.apply(relative), key(relative), parser);
    }

    Optional<URI> url() {
        if (inherited.apply("api-url").isEmpty()) {
            problems.add(key("api-url") + " is missing: the base of Dify's API, such as https://api.dify.ai/v1");
            return Optional.empty();
        }
        return read("api-url", (key, value) -> {
            try {
                URI url = new URI(value);
                DifyConfig.of(url, new ApiKey("checked-later"));
                return url;
            } catch (URISyntaxException | IllegalArgumentException e) {
                // The value is left out: a URL can hold a password.
                throw new IllegalArgumentException(key + " must be an http or https URL without query and user, such as"
                        + " https://api.dify.ai/v1");
            }
        });
    }

    /** The key, or the content of the file that holds it; a named app never inherits another app's key. */
    Optional<ApiKey> key() {
        Optional<String> text = lookup.apply(key("api-key"));
        if (text.isEmpty()) {
            text = lookup.apply(key("api-key-file")).flatMap(this::fileContent);
        }
        if (text.isEmpty()) {
            problems.add(key("api-key") + " is missing: the key of the app, from its page \"API access\" in Dify");
            return Optional.empty();
        }
        try {
            return text.map(ApiKey::new);
        } catch (IllegalArgumentException e) {
            problems.add(key("api-key") + " is malformed: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> fileContent(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException | InvalidPathException e) {
            problems.add(
                    key("api-key-file") + " cannot be read (" + e.getClass().getSimpleName() + ")");
            return Optional.empty();
        }
    }

    Optional<AppMode> mode() {
        return read("mode", Settings.oneOf(AppMode.class));
    }

    Timeouts timeouts() {
        Timeouts d = Timeouts.DEFAULTS;
        return valid(
                prefix + "timeout",
                d,
                () -> new Timeouts(
                        timeout("connect", d.connect()),
                        timeout("write", d.write()),
                        timeout("acquire", d.acquire()),
                        timeout("headers", d.headers()),
                        timeout("first-event", d.firstEvent()),
                        timeout("idle", d.idle()),
                        timeout("total", d.total()),
                        timeout("blocking", d.blocking()),
                        timeout("blocking-complex", d.blockingComplex()),
                        timeout("stop", d.stop()),
                        read("relay.stop-drain", Settings::duration).orElse(d.stopDrain())));
    }

    private Duration timeout(String name, Duration defaultValue) {
        return read("timeout." + name, Settings::duration).orElse(defaultValue);
    }

    RetryPolicy retry() {
        RetryPolicy d = RetryPolicy.DEFAULTS;
        return valid(
                prefix + "retry",
                d,
                () -> new RetryPolicy(
                        integer("retry.attempts", d.attempts(), 10),
                        read("retry.delay", Settings::duration).orElse(d.delay()),
                        read("retry.max-delay", Settings::duration).orElse(d.maxDelay())));
    }

    BreakerPolicy breaker() {
        BreakerPolicy d = BreakerPolicy.DEFAULTS;
        return valid(
                prefix + "circuit-breaker",
                d,
                () -> new BreakerPolicy(
                        read("circuit-breaker.enabled", Settings::bool).orElse(d.enabled()),
                        integer("circuit-breaker.failures", d.failures(), 10_000),
                        read("circuit-breaker.delay", Settings::duration).orElse(d.delay())));
    }

    Limits limits() {
        Limits d = Limits.DEFAULTS;
        return new Limits(
                integer("max-concurrent-requests", d.maxConcurrentRequests(), 100_000),
                bytes("max-event-bytes", d.maxEventBytes()),
                bytes("relay.buffer-bytes", d.bufferBytes()),
                bytes("relay.max-unsent-bytes", d.maxUnsentBytes()));
    }

    Connections connections() {
        Connections d = Connections.DEFAULTS;
        return new Connections(
                read("connection.http2", Settings::bool).orElse(d.http2()),
                read("connection.keep-alive", Settings::duration).orElse(d.keepAlive()),
                read("connection.proxy-host", Settings::text).map(this::proxy),
                keyStore("connection.trust-store"),
                keyStore("connection.key-store"));
    }

    private ProxyServer proxy(String host) {
        int port = integer("connection.proxy-port", DEFAULT_PROXY_PORT, 65_535);
        Optional<ProxyServer.Login> login = read("connection.proxy-user", Settings::text)
                .map(user -> new ProxyServer.Login(
                        user, read("connection.proxy-password", Settings::text).orElse("")));
        return new ProxyServer(host, port, login);
    }

    private Optional<KeyStoreFile> keyStore(String relative) {
        return read(relative, Settings::text)
                .map(file -> new KeyStoreFile(
                        Path.of(file),
                        read(relative + "-password", Settings::text).orElse("")));
    }

    /**
     * The groups that are on. A name that is none of them switches nothing on.
     *
     * @param mode of the app, as far as the settings name it
     */
    Set<EndpointGroup> endpoints(Optional<AppMode> mode) {
        return read("relay.endpoints", Settings::list).map(this::groups).orElseGet(() -> EndpointGroup.defaults(mode));
    }

    private Set<EndpointGroup> groups(List<String> names) {
        Set<EndpointGroup> groups = EnumSet.noneOf(EndpointGroup.class);
        if (!names.equals(List.of("none"))) {
            Settings.Parser<EndpointGroup> parser = Settings.oneOf(EndpointGroup.class);
            names.forEach(name -> problems.read(key -> Optional.of(name), key("relay.endpoints"), parser)
                    .ifPresent(groups::add));
        }
        return Set.copyOf(groups);
    }

    /** Who may use it through the relay. */
    AppAccess access() {
        return AccessSettings.app(this::read);
    }

    int integer(String relative, int defaultValue, int most) {
        return read(relative, Settings.integer(1, most)).orElse(defaultValue);
    }

    int bytes(String relative, int defaultValue) {
        return read(relative, Settings::size)
                .map(size -> (int) Math.min(size, MAX_BYTES))
                .orElse(defaultValue);
    }

    private <T> T valid(String prefix, T defaults, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            problems.add(prefix + ": " + e.getMessage());
            return defaults;
        }
    }
}
