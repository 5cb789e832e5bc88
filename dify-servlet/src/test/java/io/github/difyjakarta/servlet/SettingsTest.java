package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without an implementation of MicroProfile Config on the class path: the own sources answer. */
class SettingsTest {

    @Test
    void systemPropertiesComeBeforeFilesAndContextParameters(@TempDir Path folder) throws IOException {
        Path file = Files.createDirectories(folder.resolve("META-INF")).resolve("microprofile-config.properties");
        Files.writeString(file, "dify.a=file\ndify.b=fi\u00fcle\ndify.empty=\ndify.c=file\n");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            StubContext context = new StubContext(loader)
                    .initParameter("dify.b", "context")
                    .initParameter("dify.empty", "context")
                    .initParameter("dify.d", " context ");
            System.setProperty("dify.a", "system");
            System.setProperty("dify.c", " ");
            try {
                Function<String, Optional<String>> lookup = Settings.lookup(context.proxy());
                assertThat(lookup.apply("dify.a")).contains("system");
                assertThat(lookup.apply("dify.b")).contains("fi\u00fcle");
                assertThat(lookup.apply("dify.c")).contains("file");
                assertThat(lookup.apply("dify.empty")).contains("context");
                assertThat(lookup.apply("dify.d")).contains("context");
                assertThat(lookup.apply("dify.none")).isEmpty();
            } finally {
                System.clearProperty("dify.a");
                System.clearProperty("dify.c");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dify.api-url", "dify_api_url", "DIFY_API_URL"})
    void environmentVariablesHaveThreeSpellings(String name) {
        assertThat(ConfigSources.environment("dify.api-url", Map.of(name, "http://x")::get))
                .isEqualTo("http://x");
    }

    @ParameterizedTest
    @CsvSource({"PT15S,15000", "15s,15000", "500ms,500", "2m,120000", "1h,3600000", "1d,86400000", "0s,0", "PT0.5S,500"
    })
    void readsDurations(String text, long millis) {
        assertThat(Settings.duration("dify.x", text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"15", "-1s", "PT-1S", "soon", "1.5s", "999999999999999d"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> Settings.duration("dify.relay.heartbeat", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dify.relay.heartbeat must be a duration")
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "4096,4096", "256KiB,262144", "16mib,16777216", "1 GiB,1073741824"})
    void readsSizes(String text, long bytes) {
        assertThat(Settings.size("dify.x", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1KB", "big", "999999999999999GiB"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> Settings.size("dify.x", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void readsNumbersToTheEndsOfTheirRange() {
        Settings.Parser<Integer> parser = Settings.integer(1, 10);
        assertThat(parser.parse("dify.x", "1")).isEqualTo(1);
        assertThat(parser.parse("dify.x", "10")).isEqualTo(10);
        for (String wrong : new String[] {"0", "11", "ten", "99999999999"}) {
            assertThatThrownBy(() -> parser.parse("dify.x", wrong))
                    .hasMessage("dify.x must be a whole number from 1 to 10, not \"" + wrong + "\"");
        }
    }

    @Test
    void readsListsAndBooleans() {
        assertThat(Settings.list("dify.apps", " a, b,,c ")).containsExactly("a", "b", "c");
        assertThat(Settings.bool("dify.x", "True")).isTrue();
        assertThatThrownBy(() -> Settings.bool("dify.x", "yes"))
                .hasMessage("dify.x must be true or false, not \"yes\"");
    }

    @Test
    void neverQuotesASecret() {
        assertThat(Settings.isSecret("dify.apps.sales.api-key")).isTrue();
        assertThat(Settings.isSecret("dify.user.secret")).isTrue();
        assertThat(Settings.isSecret("dify.quota.redis-url")).isTrue();
        assertThat(Settings.isSecret("dify.api-key-file")).isFalse();
        assertThat(Settings.isSecret("dify.api-url")).isFalse();
        assertThatThrownBy(() -> Settings.duration("dify.api-key", "app-123"))
                .hasMessageNotContaining("app-123")
                .hasNoCause();
    }

    @Test
    void reportsAllProblemsAtOnce() {
        Settings.Problems problems = new Settings.Problems();
        Function<String, Optional<String>> lookup = key ->
                Optional.ofNullable(Map.of("dify.a", "soon", "dify.b", "big").get(key));
        assertThat(problems.read(lookup, "dify.a", Duration.ZERO, Settings::duration))
                .isZero();
        assertThat(problems.read(lookup, "dify.b", 5L, Settings::size)).isEqualTo(5);
        assertThat(problems.read(lookup, "dify.c", true, Settings::bool)).isTrue();
        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("dify.a")
                .hasMessageContaining("dify.b")
                .hasMessageNotContaining("dify.c");
    }
}
