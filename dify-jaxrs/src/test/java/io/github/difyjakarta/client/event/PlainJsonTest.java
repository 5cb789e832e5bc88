package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {
    private static final String HEAD = "{\"task_id\":\"t\"";

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"answer\":\"Hello \"}",
                ",\"answer\":\"\"}",
                ", \"id\": \"x\", \"answer\": \"blanks\", \"from_variable_selector\": []}",
                ",\"answer\":\"Grüße – 你好 😀\",\"from_variable_selector\":[\"llm\",\"text\"]}",
                ",\"answer\":\"a \\\"quote\\\"\\n\\tand \\\\ \\/\",\"n\":0,\"x\":null,\"y\":true,\"z\":false,\"m\":4711}",
                ",\"answer\":\"first\",\"answer\":\"last\"}"
            })
    void readsThePiecesOfAnAnswer(String rest) throws IOException {
        assertThat(text(HEAD + rest))
                .isNotNull()
                .isEqualTo(Json.MAPPER.readTree(HEAD + rest).path("answer").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "}",
                ",\"answer\":null}",
                ",\"answer\":7}",
                ",\"answer\":\"a\"",
                ",\"answer\":\"a\"},",
                ",\"answer\":\"a\",}",
                ",\"answer\":\"\\u0041\"}",
                ",\"answer\":\"\\x\"}",
                ",\"answer\":\"\\",
                ",\"answer\":\"a",
                ",\"answer\":\"a\nb\"}",
                ",\"answer\":\"a\",\"n\":01}",
                ",\"answer\":\"a\",\"n\":1.5}",
                ",\"answer\":\"a\",\"n\":nul}",
                ",\"answer\":\"a\",\"l\":[1]}",
                ",\"answer\":\"a\",\"o\":{}}",
                ",\"answer\":\"a\",\"é\":1}",
                ",\"answer\":\"\uFFFD\"}"
            })
    void leavesWhatIsNotPlainToJackson(String rest) {
        assertThat(text(HEAD + rest)).isNull();
    }

    @Test
    void leavesTextThatIsNoUtf8ToJackson() {
        byte[] json = (HEAD + ",\"answer\":\"\u00c3(\"}").getBytes(ISO_8859_1);
        assertThat(PlainJson.text(json, HEAD.length(), PlainJson.ascii("answer")))
                .isNull();
    }

    @Test
    void neverKnowsBetterThanJacksonOnRandomBytes() {
        Random random = new Random(20_260_104);
        String[] pieces = {
            ",",
            ", ",
            "\"answer\"",
            "\"id\"",
            ":",
            ": ",
            "\"text and more text\"",
            "\"é€😀\"",
            "\"\\n\\\"\"",
            "\"\\u00e9\"",
            "[]",
            "[\"a\", \"b\"]",
            "[\"a\"",
            "7",
            "0",
            "01",
            "-1",
            "null",
            "true",
            "}",
            "{}",
            "\"",
            "\\",
            "\t",
            "\u0001"
        };
        int known = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] json = random.nextBoolean() ? shuffled(random, pieces) : mutated(random);
            String ours = PlainJson.text(json, HEAD.length(), PlainJson.ascii("answer"));
            if (ours != null) {
                known++;
                assertThat(ours).as(() -> new String(json, UTF_8)).isEqualTo(theirs(json));
            }
        }
        assertThat(known).isGreaterThan(1_000);
    }

    private static byte[] shuffled(Random random, String[] pieces) {
        StringBuilder json = new StringBuilder(HEAD);
        for (int i = random.nextInt(8); i > 0; i--) {
            json.append(pieces[random.nextInt(pieces.length)]);
        }
        return json.append('}').toString().getBytes(UTF_8);
    }

    private static byte[] mutated(Random random) {
        byte[] json = (HEAD
                        + ",\"id\":\"6e340308\",\"answer\":\"Grüße \\\"Bonn\\\"\\n😀\",\"from_variable_selector\":[\"a\"]}")
                .getBytes(UTF_8);
        for (int i = random.nextInt(3); i > 0; i--) {
            json[HEAD.length() + random.nextInt(json.length - HEAD.length())] = (byte) random.nextInt(256);
        }
        return json;
    }

    private static @Nullable String theirs(byte[] json) {
        try {
            JsonNode answer = Json.MAPPER.readTree(json).path("answer");
            return answer.isTextual() ? answer.asText() : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable String text(String json) {
        return PlainJson.text(json.getBytes(UTF_8), HEAD.length(), PlainJson.ascii("answer"));
    }
}
