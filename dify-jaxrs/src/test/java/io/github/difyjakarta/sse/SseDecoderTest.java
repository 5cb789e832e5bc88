package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.sse.NaiveSseDecoder.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {
    private static final int[] CHUNKS = {1, 2, 3, 7, Integer.MAX_VALUE};

    /** Streams in LF, and what they hold. */
    static Stream<Arguments> streams() {
        return Stream.of(
                argumentSet("one event", "data: a\n\n", List.of(new Event("message", "a", ""))),
                argumentSet("no space after the colon", "data:a\n\n", List.of(new Event("message", "a", ""))),
                argumentSet("only one space is syntax", "data:  a \n\n", List.of(new Event("message", " a ", ""))),
                argumentSet(
                        "several data lines",
                        "data: a\ndata:\ndata: b\n\n",
                        List.of(new Event("message", "a\n\nb", ""))),
                argumentSet("data without a colon", "data\n\n", List.of(new Event("message", "", ""))),
                argumentSet("two empty data lines", "data\ndata\n\n", List.of(new Event("message", "\n", ""))),
                argumentSet("a type", "event: add\ndata: 1\n\n", List.of(new Event("add", "1", ""))),
                argumentSet(
                        "a type of one event only",
                        "event: x\ndata: 1\n\ndata: 2\n\n",
                        List.of(new Event("x", "1", ""), new Event("message", "2", ""))),
                argumentSet(
                        "a type without data is forgotten",
                        "event: ping\n\ndata: 1\n\n",
                        List.of(new Event("message", "1", ""))),
                argumentSet(
                        "an id stays",
                        "id: 7\ndata: 1\n\ndata: 2\n\n",
                        List.of(new Event("message", "1", "7"), new Event("message", "2", "7"))),
                argumentSet(
                        "an id without data counts", "id: 7\n\ndata: 2\n\n", List.of(new Event("message", "2", "7"))),
                argumentSet(
                        "an empty id clears",
                        "id: 7\ndata: 1\n\nid\ndata: 2\n\n",
                        List.of(new Event("message", "1", "7"), new Event("message", "2", ""))),
                argumentSet(
                        "an id with NUL is ignored",
                        "id: a\u0000b\ndata: 1\n\n",
                        List.of(new Event("message", "1", ""))),
                argumentSet(
                        "comments and unknown fields",
                        ": hi\n:\nfoo: bar\ndatas: x\ndat: y\nevents\ndata: 1\n\n",
                        List.of(new Event("message", "1", ""))),
                argumentSet("field names are exact", "Data: 1\n data: 2\ndata : 3\n\n", List.of()),
                argumentSet("blank lines", "\n\n\ndata: 1\n\n\n\n", List.of(new Event("message", "1", ""))),
                argumentSet(
                        "text of many bytes",
                        "data: \u00e9\u20ac\ud83d\ude80\n\n",
                        List.of(new Event("message", "\u00e9\u20ac\ud83d\ude80", ""))),
                argumentSet(
                        "separators of Unicode are text",
                        "data: a\u2028b\u0085c\n\n",
                        List.of(new Event("message", "a\u2028b\u0085c", ""))),
                argumentSet("a leading byte order mark", "\ufeffdata: 1\n\n", List.of(new Event("message", "1", ""))),
                argumentSet("a second byte order mark is text", "\ufeff\ufeffdata: 1\n\n", List.of()),
                argumentSet(
                        "a byte order mark later is text",
                        "data: 1\n\n\ufeffdata: 2\n\n",
                        List.of(new Event("message", "1", ""))),
                argumentSet("an unfinished event", "data: 1\n\ndata: 2\n", List.of(new Event("message", "1", ""))),
                argumentSet("an unfinished line", "data: 1\n\ndata: 2", List.of(new Event("message", "1", ""))),
                argumentSet("nothing", "", List.of()));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsEveryStreamInEveryChunkingAndWithEveryLineEnd(String stream, List<Event> expected) {
        for (String lineEnd : List.of("\n", "\r", "\r\n")) {
            byte[] bytes = stream.replace("\n", lineEnd).getBytes(UTF_8);
            for (int chunk : CHUNKS) {
                assertThat(decode(bytes, chunk)).as("%d bytes at a time", chunk).isEqualTo(expected);
            }
        }
    }

    @Test
    void agreesWithTheNaiveTwinOnRandomStreamsInRandomChunks() {
        String[] pieces = {
            "data",
            "event",
            "id",
            "retry",
            ":",
            ": ",
            " ",
            "\n",
            "\n",
            "\n\n",
            "\r",
            "\r\n",
            "x",
            "\u00e9",
            "\ud83d\ude80",
            "\u0000",
            "\ufeff",
            "data: y\n\n",
            "da",
            "ta",
            ":c\n",
            "\u2028",
            "dataa: z\n"
        };
        Random random = new Random(20_260_101);
        for (int round = 0; round < 50_000; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                stream.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = stream.toString().getBytes(UTF_8);
            assertThat(decode(bytes, 1 + random.nextInt(random.nextBoolean() ? 9 : 200)))
                    .as("round %d", round)
                    .isEqualTo(NaiveSseDecoder.decode(bytes));
        }
    }

    @Test
    void dispatchesAtALoneCarriageReturnWithoutWaitingForMore() {
        assertThat(decode("data: 1\r\r".getBytes(UTF_8), 1)).containsExactly(new Event("message", "1", ""));
    }

    @Test
    void dropsHalfACharacterWithTheEventItCuts() {
        byte[] whole = "data: 1\n\ndata: \u20ac".getBytes(UTF_8);
        assertThat(decode(Arrays.copyOf(whole, whole.length - 1), 1)).containsExactly(new Event("message", "1", ""));
    }

    @Test
    void takesTheRestOfAByteOrderMarkThatIsNoneForAnUnknownField() {
        byte[] stream = {(byte) 0xEF, (byte) 0xBB, 'd', 'a', 't', 'a', ':', '1', '\n', '\n'};
        assertThat(decode(stream, 1)).isEmpty();
    }

    @Test
    void readsDirectBuffersToo() {
        List<Event> events = new ArrayList<>();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(64).put("data: 1\n\n".getBytes(UTF_8)).flip();
        new SseDecoder(64, event -> events.add(copy(event))).feed(direct);
        assertThat(events).containsExactly(new Event("message", "1", ""));
        assertThat(direct.hasRemaining()).isFalse();
    }

    @Test
    void acceptsAnEventOfExactlyTheLimitAndRejectsOneByteMore() {
        byte[] fits = ("data: " + "x".repeat(100) + "\n\n").getBytes(UTF_8);
        byte[] tooLarge = ("data: " + "x".repeat(101) + "\n\n").getBytes(UTF_8);
        assertThat(decode(fits, 3, 100)).hasSize(1);
        assertThatThrownBy(() -> decode(tooLarge, 3, 100))
                .isInstanceOf(EventTooLargeException.class)
                .hasMessageContaining("100 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: x\n", "id: 12345678\n", "event: 12345678\n"})
    void boundsAnEventOfManyLinesAsOne(String line) {
        byte[] stream = (line.repeat(60) + "\n").getBytes(UTF_8);
        if (line.startsWith("data")) {
            assertThatThrownBy(() -> decode(stream, 5, 100)).isInstanceOf(EventTooLargeException.class);
        } else {
            assertThat(decode(stream, 5, 100)).isEmpty(); // only the last of them is kept
        }
    }

    @Test
    void skipsEndlessCommentsAndUnknownFieldsWithoutKeepingThem() {
        byte[] comment = (":" + "x".repeat(10_000)).getBytes(UTF_8);
        List<Event> events = new ArrayList<>();
        SseDecoder decoder = new SseDecoder(16, event -> events.add(copy(event)));
        for (int i = 0; i < 100; i++) {
            decoder.feed(ByteBuffer.wrap(comment));
        }
        decoder.feed(ByteBuffer.wrap("\ndata: 1\n\n".getBytes(UTF_8)));
        assertThat(events).containsExactly(new Event("message", "1", ""));
    }

    @Test
    void takesTheReconnectionTimeOnlyWhenItIsANumber() {
        SseDecoder decoder = new SseDecoder(100, event -> {});
        decoder.feed(ByteBuffer.wrap("retry: 12x\nretry: -1\nretry: \nretry: \u0661\n".getBytes(UTF_8)));
        assertThat(decoder.retry()).isEmpty();
        decoder.feed(ByteBuffer.wrap("retry: 1500\nretry: 99999999999999999999\n".getBytes(UTF_8)));
        assertThat(decoder.retry()).contains(Duration.ofMillis(1500));
    }

    @Test
    void takesTimeInProportionToTheBytesEvenInChunksOfOne() {
        // A million bytes one by one: quadratic work would take minutes here, linear takes milliseconds.
        byte[] stream = ("data: " + "x".repeat(1_000_000) + "\n\n").getBytes(UTF_8);
        long[] dataBytes = {0};
        SseDecoder decoder = new SseDecoder(2_000_000, event -> dataBytes[0] += event.dataBytes().length);
        for (int i = 0; i < stream.length; i++) {
            decoder.feed(ByteBuffer.wrap(stream, i, 1));
        }
        assertThat(dataBytes[0]).isEqualTo(1_000_000);
    }

    @Test
    void namesNothingOfTheTextInItsDescription() {
        List<String> descriptions = new ArrayList<>();
        new SseDecoder(100, event -> descriptions.add(event.toString()))
                .feed(ByteBuffer.wrap("data: secret\n\n".getBytes(UTF_8)));
        assertThat(descriptions).containsExactly("ServerSentEvent[message, 6 bytes]");
    }

    private static List<Event> decode(byte[] stream, int chunk) {
        return decode(stream, chunk, 10_000);
    }

    private static List<Event> decode(byte[] stream, int chunk, int limit) {
        List<Event> events = new ArrayList<>();
        SseDecoder decoder = new SseDecoder(limit, event -> events.add(copy(event)));
        for (int from = 0; from < stream.length; ) {
            int length = Math.min(chunk, stream.length - from);
            decoder.feed(ByteBuffer.wrap(stream, from, length));
            from += length;
        }
        return events;
    }

    private static Event copy(ServerSentEvent event) {
        return new Event(event.type(), event.data(), event.lastEventId());
    }
}
