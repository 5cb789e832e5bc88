package io.github.difyjakarta.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

    @Test
    void programsWithoutAnOriginMayConnectOnlyIfThatIsSet() {
        assertThat(origins.allow(List.of(), "app.example", false)).isFalse();
        assertThat(new Origins(Set.of(), true).allow(List.of(), "app.example", false))
                .isTrue();
    }
}
