package io.github.difyjakarta.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DifySettingsTest {
    private static final String KEY = "app-very-secret";

    @AfterEach
    void stop() {
        DifyClients.stop();
    }

    @Test
    void twoSettingsAreEnough() {
        DifySettings settings = read("dify.api-url", "https://dify.example/v1/", "dify.api-key", KEY);
        assertThat(settings.problems()).isEmpty();
        DifyConfig app = app(settings, "default");
        assertThat(app.apiUrl()).hasToString("https://dify.example/v1");
        assertThat(app).usingRecursiveComparison().isEqualTo(DifyConfig.of(app.apiUrl(), app.apiKey()));
    }

    @Test
    void namedAppsInheritAllButTheKey() {
        DifySettings settings = read(
                "dify.api-url", "https://dify.example/v1",
                "dify.timeout.idle", "20s",
                "dify.apps", "support, sales",
                "dify.apps.support.api-key", KEY,
                "dify.apps.sales.api-key", KEY + "2",
                "dify.apps.sales.api-url", "http://sales.example/v1",
                "dify.apps.sales.timeout.idle", "PT40S",
                "dify.apps.sales.mode", "advanced-chat");
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.apps()).containsOnlyKeys("support", "sales");
        assertThat(app(settings, "support").timeouts().idle()).isEqualTo(Duration.ofSeconds(20));
        DifyConfig sales = app(settings, "sales");
        assertThat(sales.timeouts().idle()).isEqualTo(Duration.ofSeconds(40));
        assertThat(sales.apiUrl()).hasToString("http://sales.example/v1");
        assertThat(sales.mode()).contains(AppMode.ADVANCED_CHAT);
    }

    @Test
    void aKeyWithoutANameIsAnAppBesideTheNamedOnes() {
        DifySettings settings = read(
                "dify.api-url",
                "https://dify.example/v1",
                "dify.api-key",
                KEY,
                "dify.apps",
                "sales",
                "dify.apps.sales.api-key",
                KEY);
        assertThat(settings.apps()).containsOnlyKeys("default", "sales");
    }

    @Test
    void namesAllThatIsMissingAtOnce() {
        DifySettings settings = read("dify.apps", "sales");
        assertThat(settings.problems()).hasSize(2);
        assertThat(settings.problemMessage().orElseThrow())
                .contains("dify.apps.sales.api-url is missing", "dify.apps.sales.api-key is missing");
    }

    @Test
    void namesEveryMalformedValueAndTheFormItShouldHaveButNoSecret() {
        DifySettings settings = read(
                "dify.api-url", "ftp://user:" + KEY + "@dify.example",
                "dify.api-key", KEY + " with blanks",
                "dify.timeout.idle", "soon",
                "dify.relay.heartbeat", "1ms",
                "dify.websocket.allowed-origins", "https://www.example.org/",
                "dify.retry.attempts", "99",
                "dify.strict", "ja",
                "dify.user.mapping", "hmac",
                "dify.apps", "Sales!");
        String message = settings.problemMessage().orElseThrow();
        assertThat(message)
                .contains("dify.api-url must be an http or https URL")
                .contains("dify.api-key is malformed")
                .contains("heartbeat must be 100 ms or longer")
                .contains("dify.websocket: allowed-origins must be as browsers send them")
                .contains("dify.strict must be true or false")
                .contains("dify.user.secret must be set")
                .contains("dify.apps must be a comma list")
                .doesNotContain(KEY);
    }

    @Test
    void namesAMalformedDurationOfAWellConfiguredApp() {
        assertThat(read("dify.api-url", "https://x/v1", "dify.api-key", KEY, "dify.timeout.idle", "soon")
                        .problems())
                .singleElement()
                .asString()
                .contains("dify.timeout.idle must be a duration", "\"soon\"");
    }

    @Test
    void readsHowStreamsAreKeptAndSaysWhatIsWrongWithThat() {
        String[] app = {"dify.api-url", "https://x/v1", "dify.api-key", KEY};
        DifySettings kept = read(with(
                app,
                "dify.relay.replay-bytes",
                "64KiB",
                "dify.relay.resume-grace",
                "0s",
                "dify.relay.kept-streams",
                "7"));
        assertThat(kept.problems()).isEmpty();
        assertThat(kept.relay().replayBytes()).isEqualTo(64 * 1024);
        assertThat(kept.relay().resumeGrace()).isZero();
        assertThat(kept.relay().keptStreams()).isEqualTo(7);
        assertThat(read(with(app, "dify.relay.replay-bytes", "65535")).problems())
                .singleElement()
                .asString()
                .contains("dify.relay", "replayBytes must be at least 65536");
        assertThat(read(with(app, "dify.relay.kept-streams", "0")).problems())
                .singleElement()
                .asString()
                .contains("dify.relay.kept-streams must be a whole number from 1 to 100000");
        assertThat(read(with(app, "dify.relay.resume-grace", "-1s")).problems())
                .singleElement()
                .asString()
                .contains("dify.relay.resume-grace must be a duration");
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void clientsThatWereStoppedRefuseLateRequestsAndAreReplacedByTheNextStart() {
        DifyClients first = DifyClients.start(read());
        DifyClients.stop();
        assertThat(DifyClients.current()).as("a late request makes nothing new").isSameAs(first);
        assertThat(first.relays().isShutDown()).isTrue();
        DifyClients next = DifyClients.start(read());
        assertThat(next).isNotSameAs(first);
        assertThat(next.relays().isShutDown()).isFalse();
        DifyClients.stop();
    }

    @Test
    void readsTheKeyFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), KEY + "\n");
        DifySettings settings = read("dify.api-url", "https://x/v1", "dify.api-key-file", file.toString());
        assertThat(app(settings, "default").apiKey().value()).isEqualTo(KEY);
        assertThat(read("dify.api-url", "https://x/v1", "dify.api-key-file", "/nowhere")
                        .problems())
                .anyMatch(problem -> problem.contains("dify.api-key-file cannot be read"));
    }

    @Test
    void aClientThatIsNotConfiguredSaysWhatIsMissingAtEveryUse() {
        DifyClients clients = DifyClients.start(read());
        assertThatThrownBy(() -> clients.client("default").chat().ask(ChatRequest.of("ada", "Hello?")))
                .isInstanceOf(DifyConfigurationException.class)
                .hasMessageContaining("dify.api-url is missing")
                .hasMessageContaining("dify.api-key is missing");
        assertThatThrownBy(() -> DifyClients.get("nobody").app().info())
                .isInstanceOf(DifyConfigurationException.class)
                .hasMessageContaining("\"nobody\"");
        assertThat(DifyClients.get()).hasToString("DifyClient[not configured]");
    }

    @Test
    void stoppingLeavesNoThread() throws Exception {
        DifyClients.start(read("dify.api-url", "http://127.0.0.1:1/v1", "dify.api-key", KEY));
        var threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dify-"))
                .toList();
        assertThat(threads).isNotEmpty();
        DifyClients.stop();
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @Test
    void showsNoKeyInItsDescription() {
        assertThat(read("dify.api-url", "https://x/v1", "dify.api-key", KEY).toString())
                .doesNotContain(KEY);
    }

    @Test
    void offersWhatEveryChatNeedsUntilGroupsAreChosen() {
        DifySettings settings = read("dify.api-url", "https://x/v1", "dify.api-key", KEY);
        assertThat(EndpointGroup.DEFAULTS).allMatch(group -> settings.offers("default", group));
        assertThat(settings.endpoints().get("default"))
                .doesNotContain(
                        EndpointGroup.COMPLETION, EndpointGroup.WORKFLOW, EndpointGroup.FORMS, EndpointGroup.AUDIO);
        assertThat(EndpointGroup.values()).noneMatch(group -> settings.offers("nobody", group));
    }

    @Test
    void offersWhatAnAppOfANamedModeIsMadeFor() {
        DifySettings settings = read(
                "dify.api-url", "https://x/v1",
                "dify.apps", "flow,text",
                "dify.apps.flow.api-key", KEY,
                "dify.apps.flow.mode", "workflow",
                "dify.apps.text.api-key", KEY,
                "dify.apps.text.mode", "completion");
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.offers("flow", EndpointGroup.WORKFLOW)).isTrue();
        assertThat(settings.offers("flow", EndpointGroup.COMPLETION)).isFalse();
        assertThat(settings.offers("text", EndpointGroup.COMPLETION)).isTrue();
        assertThat(settings.offers("text", EndpointGroup.FORMS)).isFalse();
    }

    @Test
    void readsWhatBrowsersMayDoWithFiles() {
        DifySettings settings = read(
                "dify.api-url",
                "https://x/v1",
                "dify.api-key",
                KEY,
                "dify.relay.max-upload-bytes",
                "3GiB",
                "dify.relay.max-uploads",
                "7",
                "dify.relay.remote-files",
                "true");
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.files()).isEqualTo(new FileSettings(3L << 30, 7, true));
    }

    @Test
    void reportsLimitsOfFilesThatMakeNoSense() {
        DifySettings settings = read(
                "dify.api-url",
                "https://x/v1",
                "dify.api-key",
                KEY,
                "dify.relay.max-upload-bytes",
                "1023",
                "dify.relay.max-uploads",
                "0");
        assertThat(settings.problems())
                .anyMatch(problem -> problem.contains("maxUploadBytes must be at least 1024, not 1023"))
                .anyMatch(problem -> problem.startsWith("dify.relay.max-uploads must be a whole number from 1 to"));
        assertThat(settings.files()).isEqualTo(FileSettings.DEFAULTS);
    }

    @Test
    void offersOfAnAppWhatItsOwnSettingSaysAndElseTheInheritedOne() {
        DifySettings settings = read(
                "dify.api-url", "https://x/v1",
                "dify.apps", "support,sales,inner",
                "dify.apps.support.api-key", KEY,
                "dify.apps.sales.api-key", KEY,
                "dify.apps.inner.api-key", KEY,
                "dify.relay.endpoints", "chat, app",
                "dify.apps.sales.relay.endpoints", "conversations,CHAT",
                "dify.apps.inner.relay.endpoints", "none");
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.endpoints())
                .isEqualTo(Map.of(
                        "support", Set.of(EndpointGroup.CHAT, EndpointGroup.APP),
                        "sales", Set.of(EndpointGroup.CHAT, EndpointGroup.CONVERSATIONS),
                        "inner", Set.of()));
    }

    @Test
    void readsHowBrowsersComeByWebSocket() {
        WebSocketSettings settings = read(
                        "dify.websocket.path", "/chat/socket",
                        "dify.websocket.max-message-bytes", "128KiB",
                        "dify.websocket.idle-timeout", "1m",
                        "dify.websocket.ping-interval", "10s",
                        "dify.websocket.allowed-origins", "https://www.example.org, http://[::1]:8080",
                        "dify.websocket.allow-missing-origin", "true")
                .websocket();
        assertThat(settings)
                .isEqualTo(new WebSocketSettings(
                        "/chat/socket",
                        128 * 1024,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10),
                        List.of("https://www.example.org", "http://[::1]:8080"),
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "path, dify-ws",
        "path, /dify-ws/",
        "path, /dify-ws/*",
        "max-message-bytes, 1023",
        "max-message-bytes, 16777217",
        "idle-timeout, 0s",
        "ping-interval, 99ms",
        "allowed-origins, *",
        "allowed-origins, HTTPS://EXAMPLE.ORG",
        "allowed-origins, https://example.org:443",
        "allowed-origins, http://example.org:80",
        "allowed-origins, https://example.org:99999",
        "allowed-origins, ftp://example.org",
        "allowed-origins, null"
    })
    void namesWhatIsWrongWithASettingOfWebSocketsAndGoesOnWithTheDefaults(String key, String value) {
        DifySettings settings =
                read("dify.api-url", "https://x/v1", "dify.api-key", KEY, "dify.websocket." + key, value);
        assertThat(settings.problems()).singleElement().asString().startsWith("dify.websocket: " + key + " must be");
        assertThat(settings.websocket()).isEqualTo(WebSocketSettings.DEFAULTS);
    }

    @Test
    void aMistypedGroupIsReportedAndSwitchesNothingOn() {
        DifySettings settings =
                read("dify.api-url", "https://x/v1", "dify.api-key", KEY, "dify.relay.endpoints", "chat,mesages");
        assertThat(settings.problems())
                .containsExactly(
                        "dify.relay.endpoints must be one of chat, conversations, messages, feedback, suggested,"
                                + " variables, app, websocket, files, completion, workflow, forms, audio, not \"mesages\"");
        assertThat(settings.endpoints()).isEqualTo(Map.of("default", Set.of(EndpointGroup.CHAT)));
    }

    @Test
    void theScriptsForBrowsersCanBeMoved() {
        assertThat(read("dify.api-key", KEY).uiPath()).isEqualTo("/dify-ui");
        assertThat(read("dify.ui.path", "/assets/chat").uiPath()).isEqualTo("/assets/chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dify-ui", "/", "/dify-ui/", "/*", "//", "/a b", "/a?b"})
    void scriptsStayWhereTheyAreWhenTheirPathIsNone(String path) {
        DifySettings settings = read("dify.api-url", "https://x/v1", "dify.api-key", KEY, "dify.ui.path", path);
        assertThat(settings.uiPath()).isEqualTo("/dify-ui");
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .startsWith("dify.ui.path must be a path such as /dify-ui");
    }

    @Test
    void everybodySeesTheAnswerOnlyUntilSomethingElseIsSet() {
        DifySettings settings = read("dify.api-url", "https://x/v1", "dify.api-key", KEY);
        AppAccess access = settings.access("default");
        assertThat(access.admits(role -> false)).isTrue();
        assertThat(access.eventsFor(role -> true).passes("node_started")).isFalse();
        assertThat(access.takes(Set.of("anything"))).isTrue();
        assertThat(settings.sites().allowed()).isEmpty();
    }

    @Test
    void appsInheritWhoComesInAndWhatTheySee() {
        DifySettings settings = read(
                "dify.api-url", "https://x/v1",
                "dify.api-key", KEY,
                "dify.apps", "sales",
                "dify.apps.sales.api-key", KEY,
                "dify.relay.roles-allowed", "staff, admin",
                "dify.apps.sales.relay.roles-allowed", "seller",
                "dify.relay.events", "answer,sources",
                "dify.relay.roles", "admin, seller",
                "dify.relay.role.admin.events", "all",
                "dify.apps.sales.relay.role.seller.events", "steps",
                "dify.relay.inputs", "city",
                "dify.apps.sales.relay.inputs", "none");
        assertThat(settings.problems()).isEmpty();
        AppAccess first = settings.access("default");
        assertThat(first.admits("admin"::equals)).isTrue();
        assertThat(first.admits("seller"::equals)).isFalse();
        assertThat(first.eventsFor("admin"::equals).passes("agent_log")).isTrue();
        assertThat(first.eventsFor("seller"::equals).passes("node_started")).isFalse();
        assertThat(first.takes(Set.of("city"))).isTrue();
        assertThat(first.takes(Set.of("city", "sys.user_id"))).isFalse();
        AppAccess sales = settings.access("sales");
        assertThat(sales.admits("seller"::equals)).isTrue();
        assertThat(sales.admits("admin"::equals)).isFalse();
        assertThat(sales.eventsFor("seller"::equals).passes("node_started")).isTrue();
        assertThat(sales.eventsFor("seller"::equals).passes("agent_log")).isFalse();
        assertThat(sales.takes(Set.of())).isTrue();
        assertThat(sales.takes(Set.of("city"))).isFalse();
    }

    @Test
    void knowsWhichAppsAreAskedUnencrypted() {
        DifySettings settings = read(
                "dify.api-url", "http://dify.example/v1",
                "dify.apps", "one,two,three,four",
                "dify.apps.one.api-key", KEY,
                "dify.apps.two.api-key", KEY,
                "dify.apps.two.api-url", "https://dify.example/v1",
                "dify.apps.three.api-key", KEY,
                "dify.apps.three.api-url", "http://127.0.0.1:5001/v1",
                "dify.apps.four.api-key", KEY,
                "dify.apps.four.api-url", "http://[::1]/v1");
        assertThat(settings.unencrypted()).containsExactly("one");
    }

    @Test
    void whatIsMistypedOpensNothing() {
        DifySettings settings = read(
                "dify.api-url", "https://x/v1",
                "dify.api-key", KEY,
                "dify.relay.events", "answer,everything",
                "dify.relay.allowed-origins", "*, https://front.example.org, https://x/path",
                "dify.relay.allow-missing-origin", "yes",
                "dify.circuit-breaker.failures", "0",
                "dify.circuit-breaker.delay", "0s");
        assertThat(settings.problemMessage().orElseThrow())
                .contains("dify.relay.events must be a comma list of answer, steps, thoughts, sources, other")
                .contains(
                        "dify.relay.allowed-origins must be a comma list of origins",
                        "not \"*\"",
                        "not \"https://x/path\"")
                .contains("dify.relay.allow-missing-origin must be true or false")
                .contains("dify.circuit-breaker.failures must be a whole number from 1")
                .contains("delay must be 1 ms to 1 day");
        assertThat(settings.access("default").eventsFor(role -> false).passes("node_started"))
                .isFalse();
        assertThat(settings.sites().allowed()).hasToString("[https://front.example.org]");
        assertThat(settings.sites().allowMissingOrigin()).isFalse();
    }

    private static DifyConfig app(DifySettings settings, String name) {
        return Optional.ofNullable(settings.apps().get(name)).orElseThrow();
    }

    private static DifySettings read(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        Function<String, Optional<String>> lookup = key -> Optional.ofNullable(values.get(key));
        return DifySettings.from(lookup);
    }
}
