package io.github.difyjakarta.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A recorded response with its pace. Immutable. */
final class Recording {

    private static final byte[] SEPARATOR = "\n=== RESPONSE ===\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] response;
    private final JsonNode timing;

    private Recording(byte[] response, JsonNode timing) {
        this.response = response;
        this.timing = timing;
    }

    static Recording read(Path http, Path timing) {
        try {
            byte[] exchange = Files.readAllBytes(http);
            int start = indexOf(exchange, SEPARATOR);
            if (start < 0) {
                throw new IllegalArgumentException("No recorded response in " + http);
            }
            JsonNode pace = Json.parse(Files.readString(timing))
                    .orElseThrow(() -> new IllegalArgumentException("No JSON in " + timing));
            return new Recording(Arrays.copyOfRange(exchange, start + SEPARATOR.length, exchange.length), pace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Script script() {
        Script script = Script.stream().rawResponse(new byte[0]);
        int sent = 0;
        long micros = 0;
        for (JsonNode read : timing.path("reads_ms_bytes")) {
            long at = Math.round(read.path(0).asDouble() * 1000);
            int end = Math.min(response.length, sent + read.path(1).asInt());
            script = script.pause(Duration.ofNanos((at - micros) * 1000)).raw(Arrays.copyOfRange(response, sent, end));
            micros = at;
            sent = end;
        }
        return switch (timing.path("end").asText()) {
            case "complete" -> script.end();
            case "eof" -> script.cut();
            default -> script.silence();
        };
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = 0; i <= text.length - part.length; i++) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
