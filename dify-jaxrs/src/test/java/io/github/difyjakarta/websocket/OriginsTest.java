package io.github.difyjakarta.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.origin.SiteRequest;
import io.github.difyjakarta.origin.SiteRules;
import io.github.difyjakarta.origin.WebOrigin;
import io.github.difyjakarta.quota.AddressRange;
import io.github.difyjakarta.quota.ClientAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
    private final Origins origins = new Origins(Set.of("https://www.partner.example"), false);

    @ParameterizedTest
    @CsvSource({
        "http://app.example, app.example, false",
        "http://app.example:8080, app.example:8080, false",
        "https://app.example, app.example, true",
        "https://app.example, app.example:443, true",
        "http://app.example, app.example:80, false",
        "http://[::1]:8080, [::1]:8080, false",
        "https://app.example, app.example, false",
        "https://www.partner.example, app.example, false",
        "https://www.partner.example, app.example, true"
    })
    void pagesOfTheSameHostAndListedOnesMayConnect(String origin, String host, boolean secure) {

        assertThat(origins.allow(List.of(origin), host, secure)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, false",
        "null, false",
        "'', false",
        "http://app.example:8081, false",
        "http://app.example.evil.example, false",
        "http://evilapp.example, false",
        "http://sub.app.example, false",
        "HTTP://APP.EXAMPLE, false",
        "http://user@app.example, false",
        "http://app.example/, false",
        "ftp://app.example, false",
        "http://www.partner.example, false",
        "https://www.partner.example:8443, false",
        "http://app.example, true"
    })
    void noOtherPageMay(String origin, boolean secure) {
        assertThat(origins.allow(List.of(origin), "app.example", secure)).isFalse();
    }

    @Test
    void aRequestWithoutAHostHasNoPagesOfItsOwn() {
        assertThat(origins.allow(List.of("http://"), "", false)).isFalse();
        assertThat(origins.allow(List.of("http://"), ":80", false)).isFalse();
    }

    @Test
    void twoOriginsAreNone() {
        assertThat(origins.allow(List.of("http://app.example", "http://app.example"), "app.example", false))
                .isFalse();
    }

    /** Lists one front end, and trusts what a proxy of one network says. */
    private static final SiteRules SITES = new SiteRules(
            Set.of(WebOrigin.parse("https://front.example").orElseThrow()),
            true,
            new ClientAddress(List.of(AddressRange.parse("10.0.0.0/8")), ClientAddress.Header.X_FORWARDED_FOR));

    private boolean allows(String peer, String... origin) {
        Map<String, List<String>> headers = Map.of(
                "Host", List.of("inner:8080"),
                "Origin", List.of(origin),
                "X-Forwarded-Proto", List.of("https"),
                "X-Forwarded-Host", List.of("app.example"));
        return origins.allow(
                new SiteRequest("GET", "http", peer, false, name -> headers.getOrDefault(name, List.of())),
                false,
                SITES);
    }

    @Test
    void pagesThatMayCallMayConnect() {
        assertThat(allows("192.0.2.1", "https://front.example")).isTrue();
        assertThat(allows("10.0.0.1", "https://app.example"))
                .as("the site as users reach it")
                .isTrue();
        assertThat(allows("192.0.2.1", "http://inner:8080"))
                .as("by the rules of sockets")
                .isTrue();
    }

    @Test
    void whatNoTrustedProxySaysDoesNotCountNorWhatIsSaidTwice() {
        assertThat(allows("192.0.2.1", "https://app.example")).isFalse();
        assertThat(allows("10.0.0.1", "http://app.example")).isFalse();
        assertThat(allows("10.0.0.1", "https://evil.example")).isFalse();
        assertThat(allows("10.0.0.1", "null")).isFalse();
        assertThat(allows("10.0.0.1", "HTTPS://FRONT.EXAMPLE")).isFalse();
        assertThat(allows("10.0.0.1", "https://front.example", "https://front.example"))
                .isFalse();
        assertThat(allows("10.0.0.1")).as("of a program").isFalse();
    }

    @Test
    void programsWithoutAnOriginMayConnectOnlyIfThatIsSet() {
        assertThat(origins.allow(List.of(), "app.example", false)).isFalse();
        assertThat(new Origins(Set.of(), true).allow(List.of(), "app.example", false))
                .isTrue();
    }
}
