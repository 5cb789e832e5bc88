package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares an answer with a recorded one: to the letter, or in its shape. */
final class Recorded {

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Recorded() {}

    /** With the key of the recordings. */
    static DifySimulator simulator(String mode) {
        return DifySimulator.builder().key("app-REDACTED").mode(mode).start();
    }

    static Path recording(String name) {
        Optional<Path> http = Recordings.find(name + ".http");
        assumeTrue(http.isPresent(), name + " needs -Dcontract.dir=<where real/ lies>");
        return http.orElseThrow();
    }

    /** The recorded server's ids mean nothing to ours. */
    static String withIds(String request, String id) {
        return UUID.matcher(request).replaceAll(id);
    }

    static void assertSame(Path http, Response answer) throws IOException {
        Response recorded = Recordings.response(http);
        assertThat(answer.status()).isEqualTo(recorded.status());
        assertThat(answer.body()).isEqualTo(recorded.body());
        assertThat(withoutDate(answer)).containsExactlyElementsOf(withoutDate(recorded));
    }

    static void assertAlike(Path http, Response answer) throws IOException {
        Response recorded = Recordings.response(http);
        assertThat(answer.status()).isEqualTo(recorded.status());
        assertThat(Shape.of(answer.body())).isEqualTo(Shape.of(recorded.body()));
        assertThat(answer.body().getBytes(StandardCharsets.UTF_8).length)
                .as("ASCII only")
                .isEqualTo(answer.body().length());
        assertThat(withoutLength(answer)).containsExactlyElementsOf(withoutLength(recorded));
    }

    static void assertSameStream(Path http, Response answer) throws IOException {
        Response recorded = Recordings.response(http);
        assertThat(answer.status()).isEqualTo(recorded.status());
        assertThat(withoutDate(answer)).containsExactlyElementsOf(withoutDate(recorded));
        assertThat(Shape.ofStream(answer.chunks())).isEqualTo(Shape.ofStream(recorded.chunks()));
    }

    static List<String> withoutDate(Response response) {
        return response.headers().stream()
                .filter(header -> !header.startsWith("Date: "))
                .toList();
    }

    private static List<String> withoutLength(Response response) {
        return withoutDate(response).stream()
                .filter(header -> !header.startsWith("Content-Length: "))
                .toList();
    }

    /** What was asked when this was recorded, with the answer's own ids for the recorded server's. */
    static Response again(DifySimulator dify, String name, String id) throws IOException {
        return Wire.call(dify.url(), withIds(Recordings.request(recording(name)), id));
    }

    static void assertSame(String name, Response answer) throws IOException {
        assertSame(recording(name), answer);
    }

    static void assertAlike(String name, Response answer) throws IOException {
        assertAlike(recording(name), answer);
    }

    static void assertSameStream(String name, Response answer) throws IOException {
        assertSameStream(recording(name), answer);
    }
}
