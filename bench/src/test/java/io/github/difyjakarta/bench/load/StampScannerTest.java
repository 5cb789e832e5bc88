package io.github.difyjakarta.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StampScannerTest {

    private final StampScanner scanner = new StampScanner();
    private final List<Long> stamps = new ArrayList<>();

    @Test
    void takesNothingForAStampThatIsOneDigitShortOrLong() {
        scan("~0000000000000000001~ ~000000000000000000001~");

        assertThat(stamps).isEmpty();
    }

    @Test
    void takesAMarkInTheTextForNoStamp() {
        scan("about ~ 3 ~00000000000000000042~");

        assertThat(stamps).containsExactly(42L);
    }

    @Test
    void findsTheEndBehindItsOwnFirstLetters() {
        scan("messmessage_end");

        assertThat(scanner.sawEnd()).isTrue();
    }

    @Test
    void doesNotTakeAnEventForTheEnd() {
        scan("\"event\":\"message\",\"x\":\"end\"");

        assertThat(scanner.sawEnd()).isFalse();
    }

    @Test
    void forgetsAnEndThatIsFollowedByAnEvent() {
        scan("message_end ~00000000000000000042~");

        assertThat(scanner.sawEnd()).isFalse();
    }

    private void scan(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        scanner.scan(bytes, 0, bytes.length, stamps::add);
    }
}
