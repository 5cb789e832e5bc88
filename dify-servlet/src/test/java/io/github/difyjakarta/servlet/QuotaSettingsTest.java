package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.quota.ClientAddress;
import io.github.difyjakarta.quota.Limits;
import io.github.difyjakarta.quota.QuotaConfig;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaSettingsTest {

    private final Settings.Problems problems = new Settings.Problems();

    private QuotaSettings from(Map<String, String> settings) {
        return QuotaSettings.from(key -> Optional.ofNullable(settings.get(key)), problems);
    }

    @Test
    void hasTheDefaultsWhereNothingIsSet() {
        QuotaSettings settings = from(Map.of());
        assertThat(problems.messages()).isEmpty();
        assertThat(settings)
                .isEqualTo(new QuotaSettings(
                        true,
                        Optional.empty(),
                        QuotaConfig.DEFAULTS,
                        ClientAddress.DIRECT,
                        false,
                        Optional.empty(),
                        new QuotaSettings.StoreSettings(
                                QuotaSettings.StoreKind.AUTO,
                                "payara/Hazelcast",
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofMillis(80))));
    }

    @Test
    void readsEverySetting() {
        QuotaSettings settings = from(Map.ofEntries(
                Map.entry("dify.quota.enabled", "false"),
                Map.entry("dify.quota.url-patterns", "/chat, /report/*"),
                Map.entry("dify.quota.user.requests-per-minute", "10"),
                Map.entry("dify.quota.user.requests-per-day", "100"),
                Map.entry("dify.quota.user.streams", "unlimited"),
                Map.entry("dify.quota.user.tokens-per-day", "5000"),
                Map.entry("dify.quota.anonymous.streams", "2"),
                Map.entry("dify.quota.global.tokens-per-day", "1000000"),
                Map.entry("dify.quota.roles", "premium, staff"),
                Map.entry("dify.quota.role.premium.requests-per-minute", "60"),
                Map.entry("dify.quota.trusted-proxies", "10.0.0.0/8,::1"),
                Map.entry("dify.quota.forwarded-header", "forwarded"),
                Map.entry("dify.quota.legacy-headers", "true"),
                Map.entry("dify.quota.case-sensitive-names", "true"),
                Map.entry("dify.quota.max-callers", "5"),
                Map.entry("dify.quota.token-reservation", "77"),
                Map.entry("dify.quota.caller-resolver", "com.example.Who"),
                Map.entry("dify.quota.store", "redis"),
                Map.entry("dify.quota.hazelcast", "java:comp/hz"),
                Map.entry("dify.quota.redis-url", "redis://127.0.0.1"),
                Map.entry("dify.quota.namespace", "shop"),
                Map.entry("dify.quota.store-timeout", "200ms"),
                Map.entry("dify.apps", "support,sales"),
                Map.entry("dify.apps.support.quota.streams", "9"),
                Map.entry("dify.apps.default.quota.requests-per-day", "8")));
        assertThat(problems.messages()).isEmpty();
        assertThat(settings.enabled()).isFalse();
        assertThat(settings.urlPatterns()).contains(List.of("/chat", "/report/*"));
        QuotaConfig quotas = settings.quotas();
        assertThat(quotas.user()).isEqualTo(new Limits(10, 100, Limits.UNLIMITED, 5000));
        assertThat(quotas.anonymous())
                .isEqualTo(QuotaConfig.DEFAULTS.anonymous().withStreams(2));
        assertThat(quotas.global()).isEqualTo(QuotaConfig.DEFAULTS.global().withTokensPerDay(1_000_000));
        assertThat(quotas.roles().keySet()).containsExactly("premium", "staff");
        assertThat(quotas.roles().get("premium"))
                .as("the rest is the user's")
                .isEqualTo(quotas.user().withRequestsPerMinute(60));
        assertThat(quotas.apps())
                .containsOnly(
                        Map.entry("support", Limits.NONE.withStreams(9)),
                        Map.entry("default", Limits.NONE.withRequestsPerDay(8)));
        assertThat(quotas.caseSensitiveNames()).isTrue();
        assertThat(quotas.maxCallers()).isEqualTo(5);
        assertThat(quotas.tokenReservation()).isEqualTo(77);
        assertThat(settings.address().trusted()).hasSize(2);
        assertThat(settings.address().header()).isEqualTo(ClientAddress.Header.FORWARDED);
        assertThat(settings.legacyHeaders()).isTrue();
        assertThat(settings.callerResolver()).contains("com.example.Who");
        assertThat(settings.store())
                .isEqualTo(new QuotaSettings.StoreSettings(
                        QuotaSettings.StoreKind.REDIS,
                        "java:comp/hz",
                        Optional.of("redis://127.0.0.1"),
                        Optional.of("shop"),
                        Duration.ofMillis(200)));
    }

    @Test
    void keepsTheDefaultOfALimitWithATypingError() {
        QuotaSettings settings = from(Map.of(
                "dify.quota.user.streams", "0",
                "dify.quota.global.requests-per-minute", "many",
                "dify.quota.trusted-proxies", "10.0.0.0/8, proxy.example.org"));
        assertThat(settings.quotas()).isEqualTo(QuotaConfig.DEFAULTS);
        assertThat(settings.address()).isEqualTo(ClientAddress.DIRECT);
        assertThat(problems.messages())
                .containsExactlyInAnyOrder(
                        "dify.quota.user.streams must be a whole number from 1 to 1000000000, not \"0\"; or unlimited",
                        "dify.quota.global.requests-per-minute must be a whole number from 1 to 1000000000, not \"many\";"
                                + " or unlimited",
                        "dify.quota.trusted-proxies: not an address or a range such as 10.0.0.0/8:"
                                + " \"proxy.example.org\"");
    }

    @Test
    void neverShowsThePasswordOfRedis() {
        QuotaSettings settings = from(Map.of("dify.quota.redis-url", "redis://:tomato@127.0.0.1:6379/0"));
        assertThat(settings.store().redisUrl()).isPresent();
        assertThat(settings.toString()).doesNotContain("tomato");
    }

    @Test
    void waitsForASharedStoreBetweenTenMillisecondsAndTenSeconds() {
        for (String good : List.of("10ms", "10s")) {
            from(Map.of("dify.quota.store-timeout", good));
            assertThat(problems.messages()).as(good).isEmpty();
        }
        for (String wrong : List.of("9ms", "10001ms", "0s")) {
            assertThat(from(Map.of("dify.quota.store-timeout", wrong)).store())
                    .as(wrong)
                    .isEqualTo(QuotaSettings.StoreSettings.DEFAULTS);
        }
        assertThat(problems.messages())
                .hasSize(3)
                .contains("dify.quota.store-timeout must be from 10ms to 10s, not \"9ms\"");
    }

    @Test
    void failsOnATypingErrorWhereStrictnessIsAskedFor() throws ServletException {
        Map<String, String> wrong = Map.of("dify.quota.user.streams", "0");
        assertThat(QuotaSettings.read(key -> Optional.ofNullable(wrong.get(key)))
                        .quotas())
                .isEqualTo(QuotaConfig.DEFAULTS);
        Map<String, String> strict = Map.of("dify.quota.user.streams", "0", "dify.strict", "true");
        assertThatThrownBy(() -> QuotaSettings.read(key -> Optional.ofNullable(strict.get(key))))
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("dify.quota.user.streams");
    }
}
