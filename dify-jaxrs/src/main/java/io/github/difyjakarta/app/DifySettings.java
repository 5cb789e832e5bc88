package io.github.difyjakarta.app;

import io.github.difyjakarta.client.ApiKey;
import io.github.difyjakarta.client.AppMode;
import io.github.difyjakarta.client.DifyConfig;
import io.github.difyjakarta.client.RetryPolicy;
import io.github.difyjakarta.client.Timeouts;
import io.github.difyjakarta.relay.RelayConfig;
import io.github.difyjakarta.servlet.CallerIdentity;
import io.github.difyjakarta.servlet.Settings;
import io.github.difyjakarta.servlet.UserMapping;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Every setting of this JAR, read and checked. What is wrong or missing is a sentence in {@link #problems()}, never an
 * exception: the host application starts all the same. Immutable.
 *
 * @param apps by name, those that are configured well; {@value #DEFAULT_APP} is the one without a name
 * @param named the names in {@code dify.apps}, and the default where it has a key, configured well or not
 * @param relay how browsers are treated
 * @param identity who calls
 * @param mapping what Dify gets to know of a caller's name
 * @param strict whether problems fail the deployment
 * @param problems one sentence each, naming the key and the expected form, never a secret
 */
public record DifySettings(
        Map<String, DifyConfig> apps,
        Set<String> named,
        RelayConfig relay,
        CallerIdentity identity,
        UserMapping mapping,
        boolean strict,
        List<String> problems) {
    /** The app of {@code dify.api-key} itself. */
    public static final String DEFAULT_APP = "default";

    private static final Pattern APP_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");
    private static final int MAX_BYTES = 1 << 30;

    public DifySettings {
        apps = Map.copyOf(apps);
        named = Set.copyOf(named);
        problems = List.copyOf(problems);
    }

    /** All problems in one message; empty where there are none. */
    public Optional<String> problemMessage() {
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of("Dify is not configured: " + String.join("; ", problems));
    }

    /** Reads everything through a lookup from key to text, such as {@link Settings#lookup()}. */
    public static DifySettings from(Function<String, Optional<String>> lookup) {
        return new Reader(lookup).read();
    }

    private static final class Reader {
        private final Function<String, Optional<String>> lookup;
        private final Settings.Problems problems = new Settings.Problems();

        Reader(Function<String, Optional<String>> lookup) {
            this.lookup = lookup;
        }

        DifySettings read() {
            Set<String> names = new TreeSet<>();
            for (String name : problems.read(lookup, "dify.apps", List.<String>of(), Settings::list)) {
                if (APP_NAME.matcher(name).matches() && !name.equals(DEFAULT_APP)) {
                    names.add(name);
                } else {
                    problems.add("dify.apps must be a comma list of names made of a-z, 0-9 and -, and not \""
                            + DEFAULT_APP + "\"");
                }
            }
            Map<String, DifyConfig> apps = new LinkedHashMap<>();
            if (names.isEmpty() || has("dify.api-key") || has("dify.api-key-file")) {
                names.add(DEFAULT_APP);
            }
            names.forEach(name -> app(name).ifPresent(config -> apps.put(name, config)));
            return new DifySettings(
                    apps,
                    names,
                    valid("dify.relay", RelayConfig.DEFAULTS, this::relay),
                    CallerIdentity.from(lookup, problems),
                    UserMapping.from(lookup, problems),
                    problems.read(lookup, "dify.strict", false, Settings::bool),
                    problems.messages());
        }

        private boolean has(String key) {
            return lookup.apply(key).isPresent();
        }

        private Optional<DifyConfig> app(String name) {
            App app = new App(name);
            Optional<URI> url = app.url();
            Optional<ApiKey> key = app.key();
            if (url.isEmpty() || key.isEmpty()) {
                return Optional.empty();
            }
            Optional<AppMode> mode = app.mode();
            try {
                return Optional.of(new DifyConfig(
                        url.get(),
                        key.get(),
                        mode,
                        app.timeouts(),
                        app.retry(),
                        app.integer("max-concurrent-requests", DifyConfig.DEFAULT_MAX_CONCURRENT_REQUESTS, 100_000),
                        app.bytes("max-event-bytes", DifyConfig.DEFAULT_MAX_EVENT_BYTES),
                        app.bytes("relay.buffer-bytes", DifyConfig.DEFAULT_BUFFER_BYTES),
                        app.bytes("relay.max-unsent-bytes", DifyConfig.DEFAULT_MAX_UNSENT_BYTES)));
            } catch (IllegalArgumentException e) {
                problems.add(app.key("api-url") + " and the settings beside it: " + e.getMessage());
                return Optional.empty();
            }
        }

        private RelayConfig relay() {
            RelayConfig d = RelayConfig.DEFAULTS;
            return new RelayConfig(
                    duration("dify.relay.preamble-after", d.preambleAfter()),
                    duration("dify.relay.heartbeat", d.heartbeat()),
                    duration("dify.relay.write-timeout", d.writeTimeout()),
                    duration("dify.relay.shutdown-grace", d.shutdownGrace()),
                    problems.read(lookup, "dify.relay.max-body-bytes", (long) d.maxBodyBytes(), Settings::size)
                            .intValue());
        }

        private Duration duration(String key, Duration defaultValue) {
            return problems.read(lookup, key, defaultValue, Settings::duration);
        }

        private <T> T valid(String prefix, T defaults, Supplier<T> read) {
            try {
                return read.get();
            } catch (IllegalArgumentException e) {
                problems.add(prefix + ": " + e.getMessage());
                return defaults;
            }
        }

        /** The settings of one app, each inherited from the one without its name. */
        private final class App {
            private final String prefix;
            private final Function<String, Optional<String>> inherited;

            App(String name) {
                this.prefix = name.equals(DEFAULT_APP) ? "dify." : "dify.apps." + name + ".";
                this.inherited = key -> lookup.apply(prefix + key).or(() -> lookup.apply("dify." + key));
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
                    problems.add(
                            key("api-url") + " is missing: the base of Dify's API, such as https://api.dify.ai/v1");
                    return Optional.empty();
                }
                return read("api-url", (key, value) -> {
                    try {
                        URI url = new URI(value);
                        DifyConfig.of(url, new ApiKey("checked-later"));
                        return url;
                    } catch (URISyntaxException | IllegalArgumentException e) {
                        // The value is left out: a URL can hold a password.
                        throw new IllegalArgumentException(
                                key + " must be an http or https URL without query and user, such as"
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
                    problems.add(
                            key("api-key") + " is missing: the key of the app, from its page \"API access\" in Dify");
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
                    problems.add(key("api-key-file") + " cannot be read ("
                            + e.getClass().getSimpleName() + ")");
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

            int integer(String relative, int defaultValue, int most) {
                return read(relative, Settings.integer(1, most)).orElse(defaultValue);
            }

            int bytes(String relative, int defaultValue) {
                return read(relative, Settings::size)
                        .map(size -> (int) Math.min(size, MAX_BYTES))
                        .orElse(defaultValue);
            }
        }
    }
}
