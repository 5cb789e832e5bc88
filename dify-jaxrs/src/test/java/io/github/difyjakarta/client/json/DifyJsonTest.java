package io.github.difyjakarta.client.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DifyJsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"f\":null}", "{\"f\":{}}", "{\"f\":[]}", "{\"f\":[[],null,{\"g\":[]}]}"})
    void readsWhatIsNotThereAsNothing(String json) {
        DifyJson read = DifyJson.parse(json);
        assertThat(read.text("f")).isEmpty();
        assertThat(read.optionalText("f")).isEmpty();
        assertThat(read.number("f")).isZero();
        assertThat(read.optionalNumber("f")).isEmpty();
        assertThat(read.real("f")).isZero();
        assertThat(read.decimal("f")).isZero();
        assertThat(read.optionalDecimal("f")).isEmpty();
        assertThat(read.flag("f")).isFalse();
        assertThat(read.time("f")).isEmpty();
        assertThat(read.object("f")).isEqualTo(DifyJson.EMPTY);
        assertThat(read.map("f")).isEmpty();
        assertThat(read.texts("f")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"f\":\"x\"}", "{\"f\":true}", "{\"f\":1e999999999}", "{\"f\":-1e-999999999}"})
    void readsWhatIsOfAnotherTypeAsNothing(String json) {
        DifyJson read = DifyJson.parse(json);
        assertThat(read.optionalNumber("f")).isEmpty();
        assertThat(read.optionalDecimal("f")).isEmpty();
        assertThat(read.real("f")).isZero();
        assertThat(read.time("f")).isEmpty();
        assertThat(read.optionalObject("f")).isEmpty();
        assertThat(read.objects("f")).isEmpty();
        assertThat(read.texts("f")).isEmpty();
    }

    @Test
    void readsPricesFromStringsInAnyNotation() {
        DifyJson price = DifyJson.parse("{\"a\":\"0E-7\",\"b\":\"0.0010000\",\"c\":0.10,\"d\":\"1e-3\",\"e\":3}");
        assertThat(price.decimal("a")).isEqualTo(new BigDecimal("0E-7"));
        assertThat(price.decimal("b")).isEqualTo(new BigDecimal("0.0010000"));
        assertThat(price.decimal("c")).isEqualTo(new BigDecimal("0.10"));
        assertThat(price.decimal("d")).isEqualByComparingTo("0.001");
        assertThat(price.decimal("e")).isEqualTo(new BigDecimal("3"));
    }

    @Test
    void readsNumbersFromStringsAndCutsFractions() {
        DifyJson numbers =
                DifyJson.parse("{\"a\":\"12\",\"b\":1.9,\"c\":9223372036854775807,\"d\":9223372036854775808}");
        assertThat(numbers.number("a")).isEqualTo(12);
        assertThat(numbers.number("b")).isEqualTo(1);
        assertThat(numbers.number("c")).isEqualTo(Long.MAX_VALUE);
        assertThat(numbers.optionalNumber("d")).isEmpty();
        assertThat(numbers.real("b")).isEqualTo(1.9);
    }

    @ParameterizedTest
    @CsvSource({
        "1770000000, 2026-02-02T02:40:00Z",
        "1770000000.5, 2026-02-02T02:40:00.500Z",
        "-0.5, 1969-12-31T23:59:59.500Z",
        "\"1770000000\", 2026-02-02T02:40:00Z",
        "\"2026-02-02T02:40:00\", 2026-02-02T02:40:00Z",
        "\"2026-02-02 02:40:00.25\", 2026-02-02T02:40:00.250Z",
        "\"2026-02-02T04:40:00.123456+02:00\", 2026-02-02T02:40:00.123456Z",
        "\"2026-02-02T02:40:00Z\", 2026-02-02T02:40:00Z"
    })
    void readsTimesFromSecondsAndFromIso(String value, Instant time) {
        assertThat(DifyJson.parse("{\"f\":" + value + "}").time("f")).contains(time);
    }

    @Test
    void givesPlainJavaInTheOrderOfTheFields() {
        DifyJson json =
                DifyJson.parse("{\"z\":1,\"a\":[1.50,null,{\"b\":true}],\"n\":null,\"big\":9223372036854775808}");
        assertThat(json.toMap().keySet()).containsExactly("z", "a", "n", "big");
        assertThat(json.toMap())
                .containsEntry("z", 1L)
                .containsEntry("a", Arrays.asList(new BigDecimal("1.50"), null, Map.of("b", true)))
                .containsEntry("n", null)
                .containsEntry("big", BigInteger.TWO.pow(63));
        assertThat(json.value("z")).contains(1L);
        assertThat(json.fields()).containsExactly("z", "a", "n", "big");
        assertThat(json.has("n")).isTrue();
        assertThat(json.has("m")).isFalse();
    }

    @Test
    void cannotBeChangedByItsMaps() {
        DifyJson json = DifyJson.parse("{\"a\":{\"b\":[1]}}");
        assertThatThrownBy(() -> json.toMap().put("c", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> json.map("a").clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> json.fields().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(json.json()).isEqualTo("{\"a\":{\"b\":[1]}}");
    }

    @Test
    void readsListsWithoutWhatElseIsInThem() {
        DifyJson json = DifyJson.parse("{\"a\":[\"x\",2,null,{\"k\":\"v\"},[\"y\"]]}");
        assertThat(json.texts("a")).containsExactly("x", "2");
        assertThat(json.objects("a")).containsExactly(DifyJson.of(Map.of("k", "v")));
    }

    @Test
    void isEqualWhereTheJsonSaysTheSame() {
        DifyJson json = DifyJson.parse("{ \"a\" : 1, \"b\": [2.0] }");
        assertThat(json)
                .isEqualTo(DifyJson.parse("{\"b\":[2.0],\"a\":1}"))
                .hasSameHashCodeAs(DifyJson.of(json.toMap()));
        assertThat(json).isEqualTo(DifyJson.of(json.toMap())).isNotEqualTo(DifyJson.EMPTY);
    }

    @Test
    void losesNothingKnownToANull() {
        DifyJson known = DifyJson.parse("{\"a\":1,\"b\":{\"c\":2}}");
        DifyJson newer = DifyJson.parse("{\"a\":null,\"b\":{},\"d\":null}");
        assertThat(known.updatedBy(newer)).isEqualTo(DifyJson.parse("{\"a\":1,\"b\":{},\"d\":null}"));
        assertThat(known.has("d")).isFalse();
    }

    @Test
    void namesOnlyItsFieldsInLogs() {
        assertThat(DifyJson.parse("{\"query\":\"my secret\",\"inputs\":{}}")).hasToString("DifyJson[query, inputs]");
    }

    @Test
    void quotesNothingOfWhatItCannotRead() {
        for (String json : List.of("{\"a\":\"secret\"", "[\"secret\"]", "\"secret\"", "", "null", "secret")) {
            assertThatThrownBy(() -> DifyJson.parse(json))
                    .isInstanceOf(MalformedJsonException.class)
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
            assertThatThrownBy(() -> DifyJson.parse(json.getBytes(UTF_8))).isInstanceOf(MalformedJsonException.class);
        }
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        assertThat(DifyJson.parse("{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}")
                        .isEmpty())
                .isFalse();
        assertThatThrownBy(() -> DifyJson.parse("{\"a\":" + "[".repeat(1001) + "]".repeat(1001) + "}"))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void readsTextsLongerThanJacksonsDefaultLimit() {
        String text = "x".repeat(20_000_001);
        assertThat(DifyJson.parse(("{\"a\":\"" + text + "\"}").getBytes(UTF_8)).text("a"))
                .hasSameSizeAs(text);
    }

    @Test
    void writesObjectsOfItsOwnWithinMaps() {
        Map<String, Object> body = Map.of("inputs", Map.of("file", DifyJson.parse("{\"type\":\"image\"}")));
        assertThat(new String(DifyJson.write(body), UTF_8)).isEqualTo("{\"inputs\":{\"file\":{\"type\":\"image\"}}}");
        assertThatIllegalArgumentException().isThrownBy(() -> DifyJson.write(Map.of("a", new Object())));
    }
}
