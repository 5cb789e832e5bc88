package io.github.difyjakarta.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.quota.AddressRange;
import io.github.difyjakarta.quota.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteRulesTest {
    private static final SiteRules LISTING = new SiteRules(
            Set.of(WebOrigin.parse("https://front.example.org").orElseThrow()), false, ClientAddress.DIRECT);

    /** A request to {@code http://app.example.org:8080} by a peer that is {@code 10.0.0.1}. */
    private static SiteRequest request(String method, boolean body, String... headers) {
        Map<String, List<String>> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        lines.put("Host", List.of("app.example.org:8080"));
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            List<String> values =
                    new ArrayList<>(parts[0].equals("Host") ? List.of() : lines.getOrDefault(parts[0], List.of()));
            values.add(parts[1]);
            lines.put(parts[0], values);
        }
        return new SiteRequest(method, "http", "10.0.0.1", body, name -> lines.getOrDefault(name, List.of()));
    }

    private static Verdict judge(SiteRules rules, String method, boolean body, String... headers) {
        return rules.judge(request(method, body, headers));
    }

    private static Verdict judge(String method, boolean body, String... headers) {
        return judge(SiteRules.DEFAULTS, method, body, headers);
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin,OWN",
        "none,OWN",
        "cross-site,OTHER_SITE",
        "same-site,OTHER_SITE",
        "SAME-ORIGIN,OTHER_SITE",
        "whatever,OTHER_SITE"
    })
    void believesWhatTheBrowserSaysOfTheSite(String site, Verdict verdict) {
        for (String method : List.of("GET", "POST", "DELETE")) {
            assertThat(judge(method, false, "Sec-Fetch-Site: " + site)).isEqualTo(verdict);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "",
                "https://app.example.org:8080",
                "http://app.example.org",
                "http://app.example.org:8081",
                "http://app.example.org:808",
                "http://app.example.org:8080.evil.example",
                "http://app.example.org.evil.example:8080",
                "http://evilapp.example.org:8080",
                "http://app.example.org:8080@evil.example",
                "http://app.example.org:8080/",
                "http://app.example.org:99999",
                "app.example.org:8080",
                "http://äpp.example.org:8080"
            })
    void refusesAnOriginThatIsNotItsOwn(String origin) {
        for (String method : List.of("GET", "POST", "DELETE")) {
            assertThat(judge(
                            method,
                            true,
                            "Origin: " + origin,
                            "Content-Type: application/json",
                            "X-Requested-With: XMLHttpRequest"))
                    .isEqualTo(Verdict.OTHER_SITE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://app.example.org:8080", "HTTP://APP.example.ORG:8080"})
    void takesItsOwnOriginInAnyCase(String origin) {
        assertThat(judge("POST", true, "Origin: " + origin, "Content-Type: text/plain"))
                .isEqualTo(Verdict.OWN);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org,http://example.org",
        "example.org:80,http://example.org",
        "[::1]:7,http://[::1]:7",
        "example.org,http://example.org:80"
    })
    void knowsThePortThatASchemeHasByItself(String host, String origin) {
        assertThat(judge("POST", true, "Host: " + host, "Origin: " + origin)).isEqualTo(Verdict.OWN);
    }

    @Test
    void refusesTwoOriginsAtOnce() {
        assertThat(judge(LISTING, "POST", true, "Origin: https://front.example.org", "Origin: https://evil.example"))
                .isEqualTo(Verdict.OTHER_SITE);
    }

    @Test
    void believesTheBrowserBehindAProxyThatChangesTheHost() {
        assertThat(judge("POST", true, "Sec-Fetch-Site: same-origin", "Origin: https://chat.example.org"))
                .isEqualTo(Verdict.OWN);
        assertThat(judge("POST", true, "Sec-Fetch-Site: same-origin", "Origin: null"))
                .isEqualTo(Verdict.OWN);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, application/json, true, OWN",
        "POST, Application/JSON;charset=utf-8, true, OWN",
        "DELETE, application/json, true, OWN",
        "POST, application/json-patch+json, true, FORM",
        "POST, text/plain, true, FORM",
        "POST, 'text/plain;a=application/json', true, FORM",
        "POST, application/x-www-form-urlencoded, true, FORM",
        "POST, '', true, FORM",
        "POST, 'multipart/form-data;boundary=b', true, UNPROVEN",
        "POST, '', false, UNPROVEN",
        "PUT, '', false, UNPROVEN",
        "DELETE, '', false, UNPROVEN",
        "DELETE, text/plain, true, UNPROVEN",
        "GET, '', false, OWN",
        "HEAD, '', false, OWN"
    })
    void wantsAProofWhereNothingSaysWhoAsksAndAFormCould(String method, String type, boolean body, Verdict verdict) {
        String[] headers = type.isEmpty() ? new String[0] : new String[] {"Content-Type: " + type};
        assertThat(judge(method, body, headers)).isEqualTo(verdict);

        SiteRules lenient = new SiteRules(Set.of(), true, ClientAddress.DIRECT);
        assertThat(judge(lenient, method, body, headers)).isEqualTo(Verdict.OWN);
        List<String> proven = new ArrayList<>(List.of(headers));
        proven.add("X-Requested-With: fetch");
        assertThat(judge(method, body, proven.toArray(String[]::new))).isEqualTo(Verdict.OWN);
    }

    @Test
    void takesListedOriginsWhateverElseTheBrowserSays() {
        assertThat(judge(LISTING, "POST", true, "Origin: https://front.example.org", "Sec-Fetch-Site: cross-site"))
                .isEqualTo(Verdict.LISTED);
        assertThat(judge(LISTING, "POST", true, "Origin: https://front.example.org:444"))
                .isEqualTo(Verdict.OTHER_SITE);
        assertThat(judge(LISTING, "POST", true, "Origin: null", "Sec-Fetch-Site: cross-site"))
                .isEqualTo(Verdict.OTHER_SITE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://chat.example.org | X-Forwarded-Proto: https | X-Forwarded-Host: chat.example.org",
                "https://chat.example.org | X-Forwarded-Proto: https, http | X-Forwarded-Host: chat.example.org, inner",
                "https://chat.example.org:8443 | X-Forwarded-Proto: https | X-Forwarded-Host: chat.example.org:8443",
                "https://app.example.org:8080 | X-Forwarded-Proto: https | A: b",
                "http://chat.example.org:90 | X-Forwarded-Host: chat.example.org | X-Forwarded-Port: 90"
            })
    void believesTrustedProxiesAboutHowUsersSeeTheSite(String origin, String one, String other) {
        SiteRules behind = behind(ClientAddress.Header.X_FORWARDED_FOR);
        assertThat(judge(behind, "POST", true, "Origin: " + origin, one, other)).isEqualTo(Verdict.OWN);
        assertThat(judge("POST", true, "Origin: " + origin, one, other)).isEqualTo(Verdict.OTHER_SITE);
        assertThat(judge(behind, "POST", true, "Origin: https://evil.example", one, other))
                .isEqualTo(Verdict.OTHER_SITE);
    }

    @Test
    void readsTheStandardHeaderWhereProxiesUseThat() {
        String forwarded = "Forwarded: for=192.0.2.1;Proto=https;host=\"chat.example.org:444\", for=10.0.0.9";
        assertThat(judge(
                        behind(ClientAddress.Header.FORWARDED),
                        "POST",
                        true,
                        "Origin: https://chat.example.org:444",
                        forwarded))
                .isEqualTo(Verdict.OWN);
    }

    private static SiteRules behind(ClientAddress.Header header) {
        return new SiteRules(Set.of(), false, new ClientAddress(List.of(AddressRange.parse("10.0.0.0/8")), header));
    }

    @Test
    void writesAnOriginAsBrowsersDo() {
        assertThat(WebOrigin.parse("HTTPS://Chat.Example.org:443")).hasToString("Optional[https://chat.example.org]");
        assertThat(WebOrigin.parse("http://[::1]:8080")).hasToString("Optional[http://[::1]:8080]");
        assertThat("capacitor://localhost".toUpperCase(Locale.ROOT))
                .satisfies(text -> assertThat(WebOrigin.parse(text)).hasToString("Optional[capacitor://localhost]"));
    }
}
