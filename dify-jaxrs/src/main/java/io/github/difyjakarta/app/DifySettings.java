package io.github.difyjakarta.app;

import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.origin.SiteRules;
import io.github.difyjakarta.relay.RelayConfig;
import io.github.difyjakarta.servlet.CallerIdentity;
import io.github.difyjakarta.servlet.Settings;
import io.github.difyjakarta.servlet.UserMapping;
import java.net.URI;
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
 * @param endpoints what browsers reach of each named app
 * @param access who may use each named app, and what they see of it
 * @param sites whose pages may call
 * @param relay how browsers are treated
 * @param websocket the same for those that come by WebSocket
 * @param files what browsers may do with files
 * @param identity who calls
 * @param mapping what Dify gets to know of a caller's name
 * @param uiPath where the scripts for browsers lie below the context, such as {@code /dify-ui}
 * @param strict whether problems fail the deployment
 * @param problems one sentence each, naming the key and the expected form, never a secret
 */
public record DifySettings(
        Map<String, DifyConfig> apps,
        Set<String> named,
        Map<String, Set<EndpointGroup>> endpoints,
        Map<String, AppAccess> access,
        SiteRules sites,
        RelayConfig relay,
        WebSocketSettings websocket,
        FileSettings files,
        CallerIdentity identity,
        UserMapping mapping,
        String uiPath,
        boolean strict,
        List<String> problems) {
    /** The app of {@code dify.api-key} itself. */
    public static final String DEFAULT_APP = "default";

    private static final String UI_PATH = "/dify-ui";
    /** Something below the context that a servlet can be mapped to. */
    static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern APP_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    public DifySettings {
        apps = Map.copyOf(apps);
        named = Set.copyOf(named);
        endpoints = Map.copyOf(endpoints);
        access = Map.copyOf(access);
        problems = List.copyOf(problems);
    }

    /** Whether browsers reach a group of endpoints of an app; never of one that is not named. */
    public boolean offers(String app, EndpointGroup group) {
        return endpoints.getOrDefault(app, Set.of()).contains(group);
    }

    /** Who may use an app, and what they see of it. */
    public AppAccess access(String app) {
        return access.getOrDefault(app, AppAccess.DEFAULTS);
    }

    /** The apps whose key and questions pass unencrypted over a network, in alphabetical order. */
    public List<String> unencrypted() {
        return apps.entrySet().stream()
                .filter(app -> isOpenToOthers(app.getValue().apiUrl()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static boolean isOpenToOthers(URI url) {
        return url.getScheme().equalsIgnoreCase("http")
                && !LOOPBACK.matcher(url.getHost()).matches();
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
            Map<String, Set<EndpointGroup>> endpoints = new LinkedHashMap<>();
            Map<String, AppAccess> access = new LinkedHashMap<>();
            for (String name : names) {
                AppSettings app = new AppSettings(name, lookup, problems);
                Optional<DifyConfig> config = app.config();
                config.ifPresent(valid -> apps.put(name, valid));
                endpoints.put(name, app.endpoints(config.flatMap(DifyConfig::mode)));
                access.put(name, app.access());
            }
            return new DifySettings(
                    apps,
                    names,
                    endpoints,
                    access,
                    AccessSettings.sites(lookup, problems),
                    valid("dify.relay", RelayConfig.DEFAULTS, this::relay),
                    valid("dify.websocket", WebSocketSettings.DEFAULTS, this::websocket),
                    valid("dify.relay", FileSettings.DEFAULTS, this::files),
                    CallerIdentity.from(lookup, problems),
                    UserMapping.from(lookup, problems),
                    problems.read(lookup, "dify.ui.path", UI_PATH, Reader::path),
                    problems.read(lookup, "dify.strict", false, Settings::bool),
                    problems.messages());
        }

        private boolean has(String key) {
            return lookup.apply(key).isPresent();
        }

        private RelayConfig relay() {
            RelayConfig d = RelayConfig.DEFAULTS;
            return new RelayConfig(
                    duration("dify.relay.preamble-after", d.preambleAfter()),
                    duration("dify.relay.heartbeat", d.heartbeat()),
                    duration("dify.relay.write-timeout", d.writeTimeout()),
                    duration("dify.relay.shutdown-grace", d.shutdownGrace()),
                    size("dify.relay.replay-bytes", d.replayBytes()),
                    duration("dify.relay.resume-grace", d.resumeGrace()),
                    problems.read(lookup, "dify.relay.kept-streams", d.keptStreams(), Settings.integer(1, 100_000)),
                    size("dify.relay.max-body-bytes", d.maxBodyBytes()));
        }

        private int size(String key, int defaultValue) {
            return (int) Math.min(
                    Integer.MAX_VALUE - 1, // room for the one byte more by which a body is found too large
                    problems.read(lookup, key, (long) defaultValue, Settings::size));
        }

        private WebSocketSettings websocket() {
            WebSocketSettings d = WebSocketSettings.DEFAULTS;
            return new WebSocketSettings(
                    problems.read(lookup, "dify.websocket.path", d.path(), Settings::text),
                    size("dify.websocket.max-message-bytes", d.maxMessageBytes()),
                    duration("dify.websocket.idle-timeout", d.idleTimeout()),
                    duration("dify.websocket.ping-interval", d.pingInterval()),
                    problems.read(lookup, "dify.websocket.allowed-origins", d.allowedOrigins(), Settings::list),
                    problems.read(
                            lookup, "dify.websocket.allow-missing-origin", d.allowMissingOrigin(), Settings::bool));
        }

        private FileSettings files() {
            FileSettings d = FileSettings.DEFAULTS;
            return new FileSettings(
                    problems.read(lookup, "dify.relay.max-upload-bytes", d.maxUploadBytes(), Settings::size),
                    problems.read(
                            lookup,
                            "dify.relay.max-uploads",
                            d.maxUploads(),
                            Settings.integer(1, FileSettings.MOST_UPLOADS)),
                    problems.read(lookup, "dify.relay.remote-files", d.remoteFiles(), Settings::bool));
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

        private static String path(String key, String value) {
            if (!PATH.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        key + " must be a path such as /dify-ui, made of letters, digits, ., _, ~ and"
                                + " - between slashes, not \"" + value + "\"");
            }
            return value;
        }
    }
}
