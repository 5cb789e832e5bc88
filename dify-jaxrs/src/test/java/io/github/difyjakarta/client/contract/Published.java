package io.github.difyjakarta.client.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What Dify publishes, and recordings of a Dify, below {@code contract.dir}. */
final class Published {
    static final ObjectMapper JSON = new ObjectMapper();

    private Published() {}

    /**
     * An example of the documentation.
     *
     * @param file its name
     * @param endpoint that it belongs to
     * @param kind {@code request}, {@code response} or {@code error}
     * @param status of HTTP; 0 for a request
     */
    record Example(String file, Endpoint endpoint, String kind, int status) {
        String text() {
            return read(root().resolve("examples").resolve(file));
        }

        JsonNode json() {
            return parse(text());
        }

        Reply reply() {
            return new Reply(file, endpoint, status, "application/json", text());
        }

        @Override
        public String toString() {
            return file;
        }
    }

    /** The examples of a kind that belong to app endpoints. */
    static List<Example> examples(String kind) {
        return parse(read(root().resolve("examples").resolve("index.json"))).properties().stream()
                .map(entry -> new Example(
                        entry.getKey(),
                        Endpoint.named(entry.getValue().path("endpoint").asText()),
                        entry.getValue().path("kind").asText(),
                        entry.getValue().path("status").asInt()))
                .filter(example ->
                        example.kind().equals(kind) && example.endpoint().isOfApps())
                .toList();
    }

    /** The document that describes the whole API, OpenAPI 3.0. */
    static JsonNode openApi() {
        return parse(openApiText());
    }

    static String openApiText() {
        return read(root().resolve("openapi_service.json"));
    }

    /** The app endpoints that it describes. */
    static List<Endpoint> endpoints() {
        return openApi().path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(operation -> new Endpoint(operation.getKey().toUpperCase(Locale.ROOT), path.getKey())))
                .filter(Endpoint::isOfApps)
                .toList();
    }

    /** What a running Dify answered to whole requests of app endpoints. */
    static List<Reply> recordings() {
        List<Endpoint> endpoints = endpoints();
        try (Stream<Path> files = Files.list(root().resolve("real"))) {
            return files.filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .flatMap(file -> Reply.recorded(file, endpoints).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        return Path.of(System.getProperty("contract.dir", ""));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
