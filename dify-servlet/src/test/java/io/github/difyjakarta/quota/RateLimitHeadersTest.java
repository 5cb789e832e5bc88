package io.github.difyjakarta.quota;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {

    private final ManualTime time = new ManualTime();
    private final Quotas quotas = Quotas.inMemory(
            QuotaConfig.DEFAULTS.withUser(new Limits(20, 500, 3, 200_000)).withGlobal(Limits.NONE.withStreams(4)),
            time);

    private static Map<String, String> headers(Decision decision, boolean legacy) {
        return new RateLimitHeaders(legacy)
                .of(decision).stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<StructuredList.Item> list(Map<String, String> headers, String name) {
        return StructuredList.parse(Objects.requireNonNull(headers.get(name)));
    }

    private Decision ask(Cost cost) {
        return quotas.admit(quotas.caller("ada", role -> false), Optional.empty(), cost);
    }

    @Test
    void tellTheLimitsOfTheCallersOwnAndWhatIsLeftOfThem() {
        Map<String, String> headers = headers(ask(Cost.STREAM), false);
        assertThat(headers)
                .containsOnly(
                        Map.entry(
                                "RateLimit-Policy",
                                "\"requests-per-minute\";q=20;w=60, \"requests-per-day\";q=500;w=86400, "
                                        + "\"streams\";q=3;qu=\"concurrent-requests\", "
                                        + "\"tokens-per-day\";q=200000;w=86400;dify-unit=\"tokens\""),
                        Map.entry(
                                "RateLimit",
                                "\"requests-per-minute\";r=19;t=3, \"requests-per-day\";r=499;t=173, \"streams\";r=2"));
    }

    @Test
    void areStructuredFieldsOnAllowedAndRefusedAnswers() {
        for (int i = 0; i < 25; i++) {
            Map<String, String> headers = headers(ask(Cost.REQUEST), true);
            List<StructuredList.Item> policies = list(headers, "RateLimit-Policy");
            List<StructuredList.Item> standings = list(headers, "RateLimit");
            assertThat(policies).allMatch(policy -> policy.number("q") > 0);
            assertThat(standings).allMatch(standing -> standing.number("r") >= 0);
            assertThat(policies.stream().map(StructuredList.Item::name))
                    .containsAll(
                            standings.stream().map(StructuredList.Item::name).toList());
        }
    }

    @Test
    void sayWhenThereIsMoreAtTheLatest() {
        for (int i = 0; i < 20; i++) {
            ask(Cost.REQUEST);
        }
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofMillis(2_900));
            Decision decision = ask(Cost.REQUEST);
            long more = list(headers(decision, false), "RateLimit").get(0).number("t");
            if (decision instanceof Refusal refusal) {
                assertThat(refusal.retryAfter()).isGreaterThanOrEqualTo(more).isGreaterThanOrEqualTo(1);
            }
            assertThat(more).isBetween(1L, 3L);
        }
    }

    @Test
    void ofARefusalByOthersNameTheirPolicyAsWell() {
        for (String name : List.of("eve", "bob", "joe", "kim")) {
            quotas.admit(quotas.caller(name, role -> false), Optional.empty(), Cost.STREAM);
        }
        Refusal refusal = (Refusal) ask(Cost.STREAM);
        assertThat(headers(refusal, false))
                .containsEntry("Retry-After", "2")
                .containsEntry(
                        "RateLimit",
                        "\"requests-per-minute\";r=20, \"requests-per-day\";r=500, \"streams\";r=3, \"global-streams\";r=0");
        assertThat(headers(refusal, false).get("RateLimit-Policy")).contains("\"global-streams\";q=4");
    }

    @Test
    void ofOldSpeakOfTheLimitNearestToItsEnd() {
        ask(Cost.STREAM);
        assertThat(headers(ask(Cost.STREAM), true))
                .containsEntry("X-RateLimit-Limit", "3")
                .containsEntry("X-RateLimit-Remaining", "1")
                .containsEntry("X-RateLimit-Reset", "0");
        assertThat(headers(ask(Cost.STREAM), false)).doesNotContainKey("X-RateLimit-Limit");
    }

    @Test
    void areNoneWhereNothingIsLimited() {
        Quotas unlimited =
                Quotas.inMemory(QuotaConfig.DEFAULTS.withUser(Limits.NONE).withGlobal(Limits.NONE), time);
        assertThat(headers(
                        unlimited.admit(unlimited.caller("ada", role -> false), Optional.empty(), Cost.STREAM), true))
                .isEmpty();
    }

    @Test
    void haveABodyWithTheFieldsOfTheRfcAndThoseOfDify() {
        for (int i = 0; i < 20; i++) {
            ask(Cost.REQUEST);
        }
        Refusal refusal = (Refusal) ask(Cost.REQUEST);
        assertThat(new String(refusal.problem(), UTF_8))
                .isEqualTo("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
                        + "\"title\":\"Quota exceeded\","
                        + "\"detail\":\"The limit of 20 requests a minute is reached. Please try again in 3 s.\","
                        + "\"code\":\"quota_exceeded\","
                        + "\"message\":\"The limit of 20 requests a minute is reached. Please try again in 3 s.\","
                        + "\"status\":429,\"retryable\":true,\"retry_after\":3,"
                        + "\"violated-policies\":[\"requests-per-minute\"]}");
        assertThat(new String(refusal.event(), UTF_8))
                .isEqualTo("{\"event\":\"error\",\"code\":\"quota_exceeded\","
                        + "\"message\":\"The limit of 20 requests a minute is reached. Please try again in 3 s.\","
                        + "\"status\":429,\"retryable\":true,\"retry_after\":3}");
    }
}
