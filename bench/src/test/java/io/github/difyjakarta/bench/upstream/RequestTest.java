package io.github.difyjakarta.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestTest {

    private static final byte[] TWO = ("POST /a HTTP/1.1\r\nAUTHORIZATION: bearer App-K\r\nContent-length:4\r\n\r\nbody"
                    + "GET /b HTTP/1.1\r\n\r\n")
            .getBytes(US_ASCII);

    @Test
    void waitsForTheLastByteOfTheBody() {
        int whole = new String(TWO, US_ASCII).indexOf("GET");

        assertThat(Request.read(TWO, whole - 1)).isEmpty();
        assertThat(Request.read(TWO, whole)).map(Request::body).contains("body");
    }

    @Test
    void leavesTheNextRequestAlone() {
        assertThat(Request.read(TWO, TWO.length))
                .map(Request::length)
                .isEqualTo(Optional.of(new String(TWO, US_ASCII).indexOf("GET")));
    }

    @Test
    void knowsTheKeyHoweverItsHeaderIsWritten() {
        Request request = Request.read(TWO, TWO.length).orElseThrow();

        assertThat(request.carries("app-k")).isTrue();
        assertThat(request.carries("app-")).isFalse();
    }
}
