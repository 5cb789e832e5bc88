package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FrameParserTest {
    private final FrameParser parser = new FrameParser();

    @Test
    void sharesTheTextsOfAHeadThatComesAgain() {
        DifyFrame first = parse("{\"event\":\"message\",\"message_id\":\"m\",\"task_id\":\"t\",\"answer\":\"a\"}");
        DifyFrame second = parse("{\"event\":\"message\",\"message_id\":\"m\",\"task_id\":\"t\",\"answer\":\"b\"}");
        assertThat(second.json()).endsWith("\"b\"}");
        assertThat(second.taskId()).contains("t").containsSame(first.taskId().orElseThrow());
        assertThat(second.messageId())
                .contains("m")
                .containsSame(first.messageId().orElseThrow());
    }

    @Test
    void tellsHeadsApartThatDifferInTheirLastByte() {
        assertThat(parse("{\"event\":\"message\",\"task_id\":\"t1\"}").taskId()).contains("t1");
        assertThat(parse("{\"event\":\"message\",\"task_id\":\"t2\"}").taskId()).contains("t2");
        assertThat(parse("{\"event\":\"message\",\"task_id\":\"t\"}").taskId()).contains("t");
        assertThat(parse("{\"event\":\"message\",\"task_id\":\"t1\"}").taskId()).contains("t1");
    }

    @Test
    void readsAnEventWithoutATaskToItsEnd() {
        for (int i = 0; i < 3; i++) {
            String last = "{\"event\":\"error\",\"message\":\"no\",\"conversation_id\":\"c" + i + "\"}";
            assertThat(parse(last).conversationId()).contains("c" + i);
            assertThat(parse(last).taskId()).isEmpty();
        }
    }

    @Test
    void refusesWhatIsCutOffInAHeadItKnows() {
        parse("{\"event\":\"message\",\"task_id\":\"t\"}");
        assertThatThrownBy(() -> parse("{\"event\":\"message\",\"task_id\":\"t"))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> parse("")).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void agreesWithReadingEachFrameAloneOnRandomStreams() {
        Random random = new Random(20_260_103);
        for (int stream = 0; stream < 2_000; stream++) {
            FrameParser ofStream = new FrameParser();
            for (int i = 0; i < 20; i++) {
                byte[] json = randomEvent(random).getBytes(UTF_8);
                assertThat(read(() -> ofStream.parse(json)))
                        .as(() -> new String(json, UTF_8))
                        .isEqualTo(read(() -> DifyFrame.of(json)));
            }
        }
    }

    private static String randomEvent(Random random) {
        List<String> fields = new ArrayList<>();
        fields.add("\"event\":\"" + pick(random, "message", "node_started", "m\\u0065ssage", "ping", "é") + "\"");
        fields.add("\"task_id\":" + pick(random, "\"t1\"", "\"t2\"", "\"t\\n\"", "null", "7", "\"\""));
        fields.add("\"conversation_id\":" + pick(random, "\"c1\"", "\"c2\"", "{\"task_id\":\"inner\"}", "[\"event\"]"));
        fields.add("\"message_id\":" + pick(random, "\"m1\"", "\"m2\"", "false"));
        fields.add("\"created_at\": " + random.nextInt(3));
        fields.add("\"data\":{\"event\":\"inner\",\"task_id\":\"inner\",\"conversation_id\":\"inner\"}");
        fields.add("\"t\\u0061sk_id\":\"escaped\"");
        if (random.nextBoolean()) {
            Collections.shuffle(fields, random);
        }
        String json =
                "{" + String.join(pick(random, ",", ", "), fields.subList(0, random.nextInt(fields.size() + 1))) + "}";
        return random.nextInt(10) == 0 ? json.substring(0, random.nextInt(json.length())) : json;
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private record Reading(
            String name, Optional<String> task, Optional<String> conversation, Optional<String> message) {}

    private static Reading read(Supplier<DifyFrame> frame) {
        try {
            DifyFrame read = frame.get();
            return new Reading(read.name(), read.taskId(), read.conversationId(), read.messageId());
        } catch (MalformedEventException e) {
            return new Reading(e.toString(), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    private DifyFrame parse(String json) {
        return parser.parse(json.getBytes(UTF_8));
    }
}
