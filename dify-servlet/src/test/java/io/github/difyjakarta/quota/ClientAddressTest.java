package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

    private static final ClientAddress BEHIND = new ClientAddress(
            List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")),
            ClientAddress.Header.X_FORWARDED_FOR);
    private static final ClientAddress FORWARDED = new ClientAddress(BEHIND.trusted(), ClientAddress.Header.FORWARDED);

    @Test
    void ignoresTheHeaderOfAPeerThatIsNotTrusted() {
        assertThat(BEHIND.of("192.0.2.1", List.of("198.51.100.7"))).isEqualTo("192.0.2.1");
        assertThat(ClientAddress.DIRECT.of("10.0.0.1", List.of("198.51.100.7"))).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.7                               | 198.51.100.7",
                "1.1.1.1, 2.2.2.2, 198.51.100.7             | 198.51.100.7",
                "1.1.1.1, 198.51.100.7, 10.1.1.1, 10.2.2.2  | 198.51.100.7",
                "198.51.100.7:4711                          | 198.51.100.7",
                "[2001:db8:1:2::3]:4711                     | 20:01:0d:b8:00:01:00:02::/64",
                "2001:db8:1:2::3                            | 20:01:0d:b8:00:01:00:02::/64",
                "fe80::1%eth0                               | fe:80:00:00:00:00:00:00::/64",
                "::ffff:198.51.100.7                        | 198.51.100.7",
                "1.1.1.1, unknown                           | 10.9.9.9",
                "1.1.1.1, unknown, 10.1.1.1                 | 10.1.1.1",
                "1.1.1.1,                                   | 10.9.9.9",
                "999.1.1.1                                  | 10.9.9.9",
                "example.org                                | 10.9.9.9",
                "<script>                                   | 10.9.9.9",
                "10.1.1.1                                   | 10.1.1.1"
            })
    void readsTheHeaderFromTheRightAndStopsAtWhatNoTrustedProxyHasWritten(String header, String address) {
        assertThat(BEHIND.of("10.9.9.9", List.of(header))).isEqualTo(address);
    }

    @Test
    void takesSeveralLinesForOneList() {
        assertThat(BEHIND.of("10.9.9.9", List.of("1.1.1.1", "198.51.100.7", "10.1.1.1")))
                .isEqualTo("198.51.100.7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=1.1.1.1, For=198.51.100.7;proto=https;by=10.0.0.1 | 198.51.100.7",
                "for=\"[2001:db8:1:2::3]:4711\"                        | 20:01:0d:b8:00:01:00:02::/64",
                "for=_hidden                                           | 10.9.9.9",
                "proto=https                                           | 10.9.9.9",
                "for=198.51.100.7, for=10.1.1.1                        | 198.51.100.7"
            })
    void readsForwardedWhereTheAdministratorSaysSo(String header, String address) {
        assertThat(FORWARDED.of("10.9.9.9", List.of(header))).isEqualTo(address);
        assertThat(FORWARDED.headerName()).isEqualTo("Forwarded");
        assertThat(BEHIND.headerName()).isEqualTo("X-Forwarded-For");
    }

    @Test
    void readsOnlyTheEndOfAHeaderOfAnyLength() {
        String flood = "1.1.1.1,".repeat(8192);
        assertThat(BEHIND.of("10.9.9.9", List.of(flood + "198.51.100.7"))).isEqualTo("198.51.100.7");
        assertThat(BEHIND.of("10.9.9.9", List.of(flood.replace("1.1.1.1", "10.1.1.1"))))
                .isEqualTo("10.9.9.9");
        assertThat(BEHIND.of("10.9.9.9", List.of("9".repeat(65_536)))).isEqualTo("10.9.9.9");
        assertThat(BEHIND.of("10.9.9.9", List.of("1.1.1.1, " + "10.1.1.1, ".repeat(100) + "10.1.1.2")))
                .startsWith("10.1.1.");
    }

    @Test
    void neverThrowsWhateverItReads() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append("0123456789abcdef:.,;[]%=\"for \u00e9\ud83d\u0000".charAt(random.nextInt(30)));
            }
            assertThat(BEHIND.of("10.9.9.9", List.of(text.toString()))).isNotEmpty();
            assertThat(FORWARDED.of("10.9.9.9", List.of(text.toString()))).isNotEmpty();
            assertThat(BEHIND.of(text.toString(), List.of())).isNotEmpty();
        }
    }

    @Test
    void takesAllAddressesOfAHouseholdForOne() {
        Random random = new Random(7);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            names.add(ClientAddress.DIRECT.of(
                    "2001:db8:1:2:%x:%x:%x:%x"
                            .formatted(
                                    random.nextInt(65_536),
                                    random.nextInt(65_536),
                                    random.nextInt(65_536),
                                    random.nextInt(65_536)),
                    List.of()));
        }
        assertThat(names).hasSize(1);
        assertThat(ClientAddress.DIRECT.of("2001:db8:1:3::1", List.of())).isNotIn(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0/8", "localhost", "::1/129", "10.0.0.1/", "10.0.0.1/x", "1::2::3"})
    void refusesRangesThatAreNone(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 33})
    void refusesARangeOfMoreBitsThanItsAddressHasOrLessThanNone(int bits) throws Exception {
        InetAddress network = InetAddress.getByName("10.0.0.0");
        assertThatThrownBy(() -> new AddressRange(network, bits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(bits));
    }

    @Test
    void knowsTheEdgesOfARange() throws Exception {
        AddressRange range = AddressRange.parse("192.168.4.0/23");
        assertThat(range.contains(InetAddress.getByName("192.168.4.0"))).isTrue();
        assertThat(range.contains(InetAddress.getByName("192.168.5.255"))).isTrue();
        assertThat(range.contains(InetAddress.getByName("192.168.6.0"))).isFalse();
        assertThat(range.contains(InetAddress.getByName("c0a8:400::"))).isFalse();
    }
}
