package io.github.difyjakarta.bench.micro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Events out of recorded exchanges with a real Dify. Chunks end with frames there, so each line is whole. */
final class Recordings {
    private Recordings() {}

    /**
     * The JSON of all events of all streams in a directory, in the order of the files' names.
     *
     * @throws IllegalArgumentException when there are none
     */
    static List<byte[]> events(Path directory) {
        List<byte[]> events = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .toList()) {
                String exchange = Files.readString(file, ISO_8859_1);
                if (exchange.contains("Content-Type: text/event-stream")) {
                    exchange.lines()
                            .filter(line -> line.startsWith("data: {"))
                            .map(line -> line.substring("data: ".length()).getBytes(ISO_8859_1))
                            .forEach(events::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the recordings", e);
        }
        if (events.isEmpty()) {
            throw new IllegalArgumentException("There are no recorded streams in " + directory);
        }
        return events;
    }
}
