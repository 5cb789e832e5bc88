package io.github.difyjakarta.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpParserTest {

    private static final String TWO_REQUESTS =
            """
            POST /v1/chat-messages?x=1 HTTP/1.1
            Host: a
            X-Many: 1
            x-many:  2\s
            Content-Length: 8

            {"ä":1}
            GET /v1/info HTTP/1.1
            Host: a

            """.replace("{\"ä\":1}\n", "{\"ä\":1}").replace("\n", "\r\n");

    private static final String CHUNKED =
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsPipelinedRequestsInPiecesOfAnySize(int size) throws Exception {
        List<HttpRequest> requests = parse(TWO_REQUESTS, size);

        assertThat(requests).extracting(HttpRequest::target).containsExactly("/v1/chat-messages?x=1", "/v1/info");
        assertThat(requests.get(0).body()).isEqualTo("{\"ä\":1}");
        assertThat(requests.get(0).headers().get("x-many")).containsExactly("1", "2");
        assertThat(requests.get(1).body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsChunkedBodiesWithExtensionsAndTrailers(int size) throws Exception {
        assertThat(parse(CHUNKED + "GET /next HTTP/1.1\r\n\r\n", size))
                .extracting(HttpRequest::body)
                .containsExactly("abc0123456789", "");
    }

    @Test
    void asksOnceForABodyThatWaitsFor100Continue() throws Exception {
        HttpParser parser = new HttpParser(100);
        feed(parser, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");

        assertThat(parser.poll()).isEmpty();
        assertThat(parser.takeContinue()).isTrue();
        assertThat(parser.takeContinue()).isFalse();

        feed(parser, "{}");
        assertThat(parser.poll()).map(HttpRequest::body).contains("{}");
    }

    @Test
    void takesABodyOfTheMaximumAndRefusesOneByteMore() throws Exception {
        HttpParser parser = new HttpParser(10);
        feed(parser, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789");
        assertThat(parser.poll()).map(HttpRequest::body).contains("0123456789");

        assertMalformed(413, "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n");
        assertMalformed(413, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no request\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET / HTTP/1.1\r\nno header\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"
            })
    void refusesWhatIsNoRequest(String bytes) {
        assertMalformed(400, bytes);
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertMalformed(431, "GET / HTTP/1.1\r\nX: " + "x".repeat(64 * 1024));
    }

    private static void assertMalformed(int status, String bytes) {
        HttpParser parser = new HttpParser(10);
        feed(parser, bytes);
        assertThatThrownBy(parser::poll)
                .isInstanceOfSatisfying(HttpParser.Malformed.class, malformed -> assertThat(malformed.status())
                        .isEqualTo(status));
    }

    private static List<HttpRequest> parse(String text, int size) throws HttpParser.Malformed {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        HttpParser parser = new HttpParser(1000);
        List<HttpRequest> requests = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += size) {
            parser.feed(ByteBuffer.wrap(bytes, i, Math.min(size, bytes.length - i)));
            for (Optional<HttpRequest> next = parser.poll(); next.isPresent(); next = parser.poll()) {
                requests.add(next.get());
            }
        }
        assertThat(parser.buffered()).isZero();
        return requests;
    }

    private static void feed(HttpParser parser, String text) {
        parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
