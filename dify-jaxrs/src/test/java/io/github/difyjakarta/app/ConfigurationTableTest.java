package io.github.difyjakarta.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import io.github.difyjakarta.client.config.BreakerPolicy;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.RetryPolicy;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.origin.SiteRules;
import io.github.difyjakarta.relay.RelayConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The README's table of settings is made from the records that hold them: defaults from their values, words from their
 * Javadoc. {@code -Dupdate} writes it anew.
 */
class ConfigurationTableTest {
    private static final Path README = Path.of("..", "README.md");
    private static final String BEGIN =
            "<!-- settings: made by ConfigurationTableTest, -Dupdate writes them anew -->\n";
    private static final String END = "<!-- end of settings -->\n";

    private static final String ROLE_EVENTS = "dify.relay.role.<role>.events";

    private final Map<String, String> rows = new LinkedHashMap<>();

    @Test
    void theReadmeShowsTheSettingsAsTheyAre() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        String made = readme.substring(0, begin) + table() + readme.substring(readme.indexOf(END));
        if (Boolean.getBoolean("update")) {
            Files.writeString(README, made);
        } else {
            assertThat(readme).isEqualTo(made);
        }
    }

    @Test
    void noSettingIsMissing() throws IOException {
        Set<String> asked = new TreeSet<>();
        DifySettings.from(key -> {
            asked.add(key);
            return switch (key) {
                case "dify.api-url" -> Optional.of("http://localhost/v1");
                case "dify.user.mapping" -> Optional.of("hmac");
                default -> Optional.empty();
            };
        });
        DifySettings.from(key -> {
            asked.add(key);
            return Optional.of(key.equals("dify.api-url") ? "http://localhost/v1" : "x");
        });
        asked.removeIf(
                key -> key.startsWith("dify.apps.") || key.startsWith("dify.quota.")); // docs/quotas.md has the latter
        if (asked.remove("dify.relay.role.x.events")) {
            asked.add(ROLE_EVENTS);
        }
        table();
        assertThat(rows.keySet()).containsAll(asked);
    }

    private String table() throws IOException {
        rows.clear();
        row("dify.api-url", "", doc(DifyConfig.class, "apiUrl"));
        row("dify.api-key", "", "of the app, from its page \"API access\"; a secret");
        row("dify.api-key-file", "", "a file that holds the key, in place of it");
        row("dify.apps", "", "names of further apps, with commas, such as `support,sales`");
        row(
                "dify.mode",
                "",
                "of the app: `chat`, `agent-chat`, `agent`, `completion`, `advanced-chat` or `workflow`; else Dify is"
                        + " asked once");
        row(
                "dify.strict",
                "false",
                "whether wrong settings fail the deployment; else the application starts, and every use says what is"
                        + " wrong");
        row("dify.anonymous", "false", "whether callers who are not logged in may chat, known by a cookie");
        row(
                "dify.user.mapping",
                "plain",
                "`hmac` sends a keyed digest of the user's name to Dify in place of the name");
        row("dify.user.secret", "", "for `hmac`; a new one gives every user a new, empty history; a secret");
        records("dify.timeout.", Timeouts.class, Timeouts.DEFAULTS, Set.of("stopDrain"));
        records("dify.retry.", RetryPolicy.class, RetryPolicy.DEFAULTS, Set.of());
        records("dify.", Limits.class, Limits.DEFAULTS, Set.of("bufferBytes", "maxUnsentBytes"));
        records("dify.circuit-breaker.", BreakerPolicy.class, BreakerPolicy.DEFAULTS, Set.of());
        records(
                "dify.connection.",
                Connections.class,
                Connections.DEFAULTS,
                Set.of("proxy", "trustStore", "clientKey"));
        row("dify.connection.proxy-host", "", "an HTTP proxy on the way to Dify; default is none");
        row("dify.connection.proxy-port", "3128", "of the proxy");
        row("dify.connection.proxy-user", "", "where the proxy asks for a login");
        row("dify.connection.proxy-password", "", "of that user; a secret");
        row(
                "dify.connection.trust-store",
                "",
                "a file (PKCS #12 or JKS) with the certificates to trust, in place of the JDK's");
        row("dify.connection.trust-store-password", "", "of that file; a secret");
        row(
                "dify.connection.key-store",
                "",
                "a file (PKCS #12 or JKS) with the key to identify by, where Dify's server asks for a certificate");
        row("dify.connection.key-store-password", "", "of that file and the key in it; a secret");
        row(
                "dify.relay.endpoints",
                EndpointGroup.DEFAULTS.stream()
                        .map(group -> group.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",")),
                "which groups of endpoints browsers reach, with commas: beside these there are `completion` and `workflow` (on"
                        + " where `dify.mode` says so), `forms` and `audio`; `none` for a WAR that only uses the client");
        access();
        records("dify.relay.", RelayConfig.class, RelayConfig.DEFAULTS, Set.of());
        records("dify.relay.", FileSettings.class, FileSettings.DEFAULTS, Set.of());
        row("dify.relay.buffer-bytes", bytes(Limits.DEFAULTS.bufferBytes()), doc(Limits.class, "bufferBytes"));
        row(
                "dify.relay.max-unsent-bytes",
                bytes(Limits.DEFAULTS.maxUnsentBytes()),
                doc(Limits.class, "maxUnsentBytes"));
        row("dify.relay.stop-drain", text(Timeouts.DEFAULTS.stopDrain()), doc(Timeouts.class, "stopDrain"));
        row("dify.ui.path", "/dify-ui", "where the browser kit's scripts lie below the application's context path");
        records("dify.websocket.", WebSocketSettings.class, WebSocketSettings.DEFAULTS, Set.of("allowedOrigins"));
        row("dify.websocket.allowed-origins", "", doc(WebSocketSettings.class, "allowedOrigins"));
        row("dify.streaming.enabled", "true", "the streaming filter, which the chat endpoints need");
        row("dify.streaming.url-patterns", "/*", "what the streaming filter is mapped to, with commas");
        row(
                "dify.streaming.non-blocking",
                "true",
                "whether an event stream that the application itself writes asynchronously (`SseEventSink`,"
                        + " `SseBroadcaster`) never blocks its sender: a reader that is too slow, or takes nothing for 30"
                        + " s, is cut off; `false` leaves that to the server");
        row(
                "dify.streaming.buffer-bytes",
                "1MiB",
                "how much of such a stream may wait for a slow reader; a larger event passes when nothing waits; at"
                        + " least 16 KiB");
        return "| setting | default | meaning |\n|---|---|---|\n" + String.join("", rows.values());
    }

    private void access() {
        row(
                "dify.relay.roles-allowed",
                "",
                "roles, with commas, one of which a caller needs to use the app; default is whoever is let in");
        row(
                "dify.relay.events",
                "answer,other",
                "what users see of a run: `answer` (always), `steps`, `thoughts`, `sources`, `other` (what a newer"
                        + " Dify may invent), names of Dify's events, or `all`");
        row("dify.relay.roles", "", "roles, with commas, that see more");
        row(ROLE_EVENTS, "", "what one of them sees as well, such as `steps,sources`");
        row(
                "dify.relay.inputs",
                "",
                "names of the inputs that browsers may set, with commas, or `none`; default is all; others are"
                        + " refused");
        row(
                "dify.relay.allowed-origins",
                "",
                "other sites whose pages may call, with commas, such as `https://www.example.org`; they get CORS"
                        + " headers");
        row(
                "dify.relay.allow-missing-origin",
                SiteRules.DEFAULTS.allowMissingOrigin(),
                "whether programs that say neither `Origin` nor `Sec-Fetch-Site` may delete and upload without"
                        + " `X-Requested-With`");
    }

    private void records(String prefix, Class<? extends Record> type, Record defaults, Set<String> elsewhere)
            throws IOException {
        for (RecordComponent component : type.getRecordComponents()) {
            if (!elsewhere.contains(component.getName())) {
                Object value;
                try {
                    value = component.getAccessor().invoke(defaults);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
                String shown = value instanceof Duration duration
                        ? text(duration)
                        : component.getName().endsWith("Bytes")
                                ? bytes(((Number) value).intValue())
                                : String.valueOf(value);
                row(prefix + kebab(component.getName()), shown, doc(type, component.getName()));
            }
        }
    }

    private void row(String key, Object defaultValue, String meaning) {
        rows.put(
                key,
                "| `" + key + "` | " + (defaultValue.toString().isEmpty() ? "" : "`" + defaultValue + "`") + " | "
                        + meaning + " |\n");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String bytes(int size) {
        return size % (1 << 20) == 0 ? (size >> 20) + "MiB" : (size >> 10) + "KiB";
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    /** The words of a component's {@code @param}, without the default, which has its own column. */
    private static String doc(Class<?> type, String component) throws IOException {
        Path source = Path.of("src", "main", "java").resolve(type.getName().replace('.', '/') + ".java");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            CompilationUnitTree unit = task.parse().iterator().next();
            ClassTree declared = (ClassTree) unit.getTypeDecls().get(0);
            DocCommentTree comment =
                    DocTrees.instance(task).getDocCommentTree(new TreePath(new TreePath(unit), declared));
            return comment.getBlockTags().stream()
                    .filter(ParamTree.class::isInstance)
                    .map(ParamTree.class::cast)
                    .filter(tag -> tag.getName().toString().equals(component))
                    .map(tag ->
                            tag.getDescription().stream().map(Object::toString).collect(Collectors.joining()))
                    .map(words -> words.replaceAll("\\s+", " ")
                            .replaceAll("\\{@code ([^}]*)}", "`$1`")
                            .replaceAll("[;,] default .*$", ""))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(type + " has no @param " + component));
        }
    }
}
