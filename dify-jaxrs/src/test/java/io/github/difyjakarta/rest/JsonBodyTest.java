package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.relay.RelayError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static final int MAX = 1024;

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "7", "\"text\"", "{", "{\"a\":}", "{} trailing"})
    void refusesWhatIsNoObject(String body) {
        RelayError error = refusal(() -> read(body));
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.code()).isEqualTo("bad_request");
    }

    @Test
    void refusesABodyThatIsNestedWithoutEnd() {
        String nested = "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        RelayError error = refusal(() -> JsonBody.read(new ByteArrayInputStream(nested.getBytes(UTF_8)), 20_000));
        assertThat(error.code()).isEqualTo("bad_request");
    }

    @Test
    void takesABodyOfTheLargestSizeAndRefusesOneByteMore() throws IOException {
        String largest = "{}" + " ".repeat(MAX - 2);
        assertThat(read(largest)).isEmpty();
        assertThat(refusal(() -> read(largest + " ")).status()).isEqualTo(413);
    }

    @Test
    void tellsATextFromWhatIsNone() throws IOException {
        JsonNode body = read("{\"text\":\"a\",\"null\":null,\"number\":1}");
        assertThat(JsonBody.text(body, "text")).contains("a");
        assertThat(JsonBody.text(body, "null")).isEmpty();
        assertThat(JsonBody.text(body, "absent")).isEmpty();
        assertThat(refusal(() -> JsonBody.text(body, "number")).message())
                .isEqualTo("number: Input should be a valid string");
    }

    @Test
    void keepsTheValuesOfAVariableExactly() throws IOException {
        JsonNode body = read("{\"value\":{\"list\":[1,true,null,\"ä\"],\"large\":12345678901234567890,"
                + "\"exact\":0.123456789012345678901230}}");
        assertThat(JsonBody.plain(body.path("value")))
                .isEqualTo(Map.of(
                        "list",
                        new ArrayList<>(Arrays.asList(1, true, null, "ä")),
                        "large",
                        new BigInteger("12345678901234567890"),
                        "exact",
                        new BigDecimal("0.123456789012345678901230")));
        assertThat(JsonBody.plain(read("{\"value\":null}").path("value"))).isNull();
        assertThat(JsonBody.plain(read("{\"value\":[]}").path("value"))).isEqualTo(List.of());
    }

    private static JsonNode read(String body) throws IOException {
        return JsonBody.read(new ByteArrayInputStream(body.getBytes(UTF_8)), MAX);
    }

    private static RelayError refusal(ThrowingCallable reading) {
        return assertThatExceptionOfType(Problem.class)
                .isThrownBy(reading)
                .actual()
                .error();
    }
}
