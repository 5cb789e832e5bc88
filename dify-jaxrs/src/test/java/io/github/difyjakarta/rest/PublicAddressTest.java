package io.github.difyjakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/cat.png",
                "HTTP://Example.COM:8080/a?b=c#d",
                "https://example.com./x",
                "https://8.8.8.8/x",
                "https://134744072/x",
                "https://[2606:4700::1111]/x",
                "https://xn--bcher-kva.example/x",
                "https://100.63.255.255/x",
                "https://172.32.0.1/x"
            })
    void takesAddressesThatMayBePublic(String address) {
        assertThat(PublicAddress.of(address)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://127.0.0.1/",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://0177.0.0.1/",
                "http://017700000001/",
                "http://0/",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://10.0.0.1./",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://192.0.0.1/",
                "http://198.19.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://[::1]/",
                "http://[::]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:a00:1]/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[2001:0:7f00:1::]/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fc00::1]/",
                "http://[fd12:3456::1]/",
                "http://[ff02::1]/"
            })
    void refusesAddressesOfOurOwnNetworkHoweverTheyAreSpelt(String address) {
        assertThat(PublicAddress.of(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://LOCALHOST./",
                "http://dify.localhost/",
                "http://printer.local/",
                "http://metadata.google.internal/",
                "http://redis:6379/",
                "http://1.2.3.4.5/",
                "http://256.1.1.1/",
                "http://1.2.3.09/",
                "http://example.com@127.0.0.1/",
                "http://user:pass@example.com/",
                "http://127.0.0.1\\@example.com/",
                "http://exa mple.com/",
                "http://ex%61mple.com/",
                "http://１２７.0.0.1/",
                "http:///x",
                "//example.com/x",
                "file:///etc/passwd",
                "gopher://example.com/",
                "ftp://example.com/",
                "data:text/plain,x",
                "javascript:alert(1)",
                "example.com",
                "http://",
                ""
            })
    void refusesNamesOfOurOwnNetworkAndWhatIsNoAddressOfTheWeb(String address) {
        assertThat(PublicAddress.of(address)).isEmpty();
    }

    @Test
    void takesAddressesUpTo2048Characters() {
        String longest = "https://example.com/" + "a".repeat(2048 - "https://example.com/".length());
        assertThat(PublicAddress.of(longest)).isPresent();
        assertThat(PublicAddress.of(longest + "a")).isEmpty();
    }
}
