package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.json.Jackson;
import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {
    private static final String HEAD = "{\"task_id\":\"t\"";
    private static final PlainJson.Place ANSWER = PlainJson.Place.of("answer");
    private static final PlainJson.Place CHUNK = PlainJson.Place.in("data", "text");

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
                .isEqualTo(Jackson.MAPPER.readTree(HEAD + rest).path("answer").asText());
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"data\":{\"text\":\"Tea \",\"from_variable_selector\":[\"llm\",\"text\"]}}",
                ", \"data\": {\"text\": \"Grüße\\n\"}, \"n\": 1}",
                ",\"data\":{\"n\":1,\"text\":\"first\",\"text\":\"last\"}}",
                ",\"text\":\"outside\",\"data\":{\"text\":\"inside\"}}",
                ",\"data\":{\"text\":\"first\"},\"data\":{\"text\":\"last\"}}"
            })
    void readsThePiecesOfAWorkflowsText(String rest) throws IOException {
        assertThat(chunk(HEAD + rest))
                .isNotNull()
                .isEqualTo(Jackson.MAPPER.readTree(HEAD + rest).at("/data/text").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"data\":{}}",
                ",\"data\":null}",
                ",\"data\":[\"text\"]}",
                ",\"data\":{\"text\":null}}",
                ",\"data\":{\"text\":\"a\"}",
                ",\"data\":{\"text\":\"a\",}}",
                ",\"data\":{,\"text\":\"a\"}}",
                ",\"data\":{\"text\":\"a\",\"data\":{\"text\":\"b\"}}}",
                ",\"data\":{\"text\":\"a\"},\"data\":{\"n\":1}}",
                ",\"data\":{\"text\":\"a\"},\"data\":7}",
                ",\"text\":\"outside\"}"
            })
    void leavesWhatIsNoPlainPieceOfAWorkflowsTextToJackson(String rest) {
        assertThat(chunk(HEAD + rest)).isNull();
    }

    @Test
    void leavesTextThatIsNoUtf8ToJackson() {
        byte[] json = (HEAD + ",\"answer\":\"\u00c3(\"}").getBytes(ISO_8859_1);
        assertThat(PlainJson.text(json, HEAD.length(), ANSWER)).isNull();
    }

    private static final String[] PIECES = {
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
        "{\"text\":\"in\"",
        "\"data\"",
        "\"text\"",
        "\"",
        "\\",
        "\t",
        "\u0001"
    };

    @Test
    void neverKnowsBetterThanJacksonOnRandomBytes() {
        Random random = new Random(20_260_104);
        Wrapping answers = new Wrapping();
        Wrapping chunks = new Wrapping();
        int known = 0;
        for (int round = 0; round < 200_000; round++) {
            boolean nested = random.nextBoolean();
            byte[] json = random.nextBoolean() ? shuffled(random) : mutated(random, nested);
            String ours = PlainJson.text(json, HEAD.length(), nested ? CHUNK : ANSWER);
            if (ours != null) {
                known++;
                assertThat(ours).as(() -> new String(json, UTF_8)).isEqualTo(theirs(json, nested));
            }
            // One head for all: what the wrapping remembers of one JSON must not show in another.
            assertThat((nested ? chunks : answers).text(json, HEAD.length(), nested ? CHUNK : ANSWER))
                    .as(() -> new String(json, UTF_8))
                    .isEqualTo(ours);
        }
        assertThat(known).isGreaterThan(1_000);
    }

    private static byte[] shuffled(Random random) {
        StringBuilder json = new StringBuilder(HEAD);
        for (int i = random.nextInt(8); i > 0; i--) {
            json.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return json.append('}').toString().getBytes(UTF_8);
    }

    private static byte[] mutated(Random random, boolean nested) {
        String text = "\"Grüße \\\"Bonn\\\"\\n😀\",\"from_variable_selector\":[\"a\"]}";
        byte[] json = (HEAD + ",\"id\":\"6e340308\","
                        + (nested ? "\"data\":{\"text\":" + text + "}" : "\"answer\":" + text))
                .getBytes(UTF_8);
        for (int i = random.nextInt(3); i > 0; i--) {
            json[HEAD.length() + random.nextInt(json.length - HEAD.length())] = (byte) random.nextInt(256);
        }
        return json;
    }

    private static @Nullable String theirs(byte[] json, boolean nested) {
        try {
            JsonNode text = Jackson.MAPPER.readTree(json).at(nested ? "/data/text" : "/answer");
            return text.isTextual() ? text.asText() : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable String chunk(String json) {
        return PlainJson.text(json.getBytes(UTF_8), HEAD.length(), CHUNK);
    }

    private static @Nullable String text(String json) {
        return PlainJson.text(json.getBytes(UTF_8), HEAD.length(), ANSWER);
    }
}
