package io.github.difyjakarta.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String END = frame("{\"event\":\"message_end\"}");

    private final List<Long> stamps = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void findsEveryEventWhereverTheBytesAreCut(int piece) {
        Response response = read(
                2,
                piece,
                HEAD
                        + chunk(event(5))
                        + chunk(event(6).substring(0, 40))
                        + chunk(event(6).substring(40))
                        + chunk(END)
                        + chunk(""));

        assertThat(stamps).containsExactly(5L, 6L);
        assertThat(response.isOver()).isTrue();
        assertThat(response.failure()).isEmpty();
    }

    @Test
    void findsAllEventsOfOneFrame() {
        Response response =
                read(2, 1000, HEAD + chunk(frame(stamp(5) + " tok" + stamp(6) + " tok")) + chunk(END) + chunk(""));

        assertThat(stamps).containsExactly(5L, 6L);
        assertThat(response.failure()).isEmpty();
    }

    @Test
    void missesAnEvent() {
        assertThat(read(2, 1000, HEAD + chunk(event(5)) + chunk(END) + chunk(""))
                        .failure())
                .contains(Failure.COUNT);
    }

    @Test
    void noticesADuplicate() {
        assertThat(read(2, 1000, HEAD + chunk(event(5)) + chunk(event(5)) + chunk(END) + chunk(""))
                        .failure())
                .contains(Failure.ORDER);
    }

    @Test
    void noticesThatEventsHaveChangedPlaces() {
        assertThat(read(2, 1000, HEAD + chunk(event(6)) + chunk(event(5)) + chunk(END) + chunk(""))
                        .failure())
                .contains(Failure.ORDER);
    }

    @Test
    void wantsTheLastEventOfTheAnswerToo() {
        assertThat(read(1, 1000, HEAD + chunk(event(5)) + chunk("")).failure()).contains(Failure.NO_END);
    }

    @Test
    void isNotOverBeforeItsLastChunk() {
        assertThat(read(1, 1000, HEAD + chunk(event(5)) + chunk(END)).isOver()).isFalse();
    }

    @Test
    void refusesAnotherStatus() {
        assertThat(read(1, 1000, "HTTP/1.1 503 Busy\r\n\r\n").failure()).contains(Failure.STATUS);
    }

    @Test
    void refusesABodyThatIsNotChunked() {
        assertThat(read(1, 1000, HEAD + "data: no chunk").failure()).contains(Failure.CUT);
    }

    @Test
    void knowsWhetherTheConnectionStays() {
        assertThat(read(1, 1000, HEAD).keepsAlive()).isTrue();
        assertThat(read(1, 1000, HEAD.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                        .keepsAlive())
                .isFalse();
    }

    private Response read(int wanted, int piece, String text) {
        Response response = new Response(wanted);
        byte[] bytes = text.getBytes(US_ASCII);
        for (int from = 0; from < bytes.length; from += piece) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece));
            response.feed(part, part.length, stamps::add);
        }
        return response;
    }

    private static String event(long stamp) {
        return frame("{\"event\":\"message\",\"answer\":\"" + stamp(stamp) + " tok\"}");
    }

    private static String stamp(long nanos) {
        return String.format("~%020d~", nanos);
    }

    private static String frame(String data) {
        return "data: " + data + "\n\n";
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
}
