package io.github.difyjakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.difyjakarta.client.config.AppMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A transcript of Dify's, byte by byte, and what a client must make of it.
 *
 * @param file its name
 * @param mode of the app
 * @param outcome such as {@code completed}; empty for error bodies
 */
record Golden(String file, String mode, String outcome) {
    static Stream<Golden> all() {
        try (InputStream index = open("index.json")) {
            JsonNode root = new ObjectMapper().readTree(index);
            return root.properties().stream().map(Golden::of).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Golden of(Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        return new Golden(
                entry.getKey(),
                value.path("mode").asText(""),
                value.path("outcome").asText(""));
    }

    static Stream<Golden> streams() {
        return all().filter(golden -> golden.file.endsWith(".sse"));
    }

    static Stream<Golden> blockingBodies() {
        return all().filter(golden -> golden.file.endsWith(".json") && !golden.outcome.isEmpty());
    }

    byte[] bytes() {
        try (InputStream content = open(file)) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<AppMode> appMode() {
        return AppMode.named(mode);
    }

    private static InputStream open(String name) {
        InputStream stream = Golden.class.getResourceAsStream("/golden/" + name);
        if (stream == null) {
            throw new IllegalArgumentException("there is no golden file " + name);
        }
        return stream;
    }

    @Override
    public String toString() {
        return file;
    }
}
