package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Streams of Dify's: constructed ones and some recordings lie here, all recordings below {@code contract.dir}. */
final class Transcripts {
    private static final String RESPONSE = "\n=== RESPONSE ===\n";

    private Transcripts() {}

    static List<DifyEvent> golden(String name) {
        return events(text(resource("/golden/" + name)));
    }

    static List<DifyEvent> recorded(String name) {
        return events(text(body(resource("/recordings/" + name + ".http"))));
    }

    static byte[] goldenBytes(String name) {
        return resource("/golden/" + name);
    }

    /** The body of a response that was recorded. */
    static byte[] recordedBody(String name) {
        return body(resource("/recordings/" + name + ".http")).getBytes(ISO_8859_1);
    }

    /** Every stream there is here and below {@code contract.dir}. */
    static Stream<Path> all() {
        String contract = System.getProperty("contract.dir", "");
        Stream<Path> here = Stream.concat(list(directory("/golden"), ".sse"), list(directory("/recordings"), ".http"));
        Stream<Path> there = contract.isEmpty()
                ? Stream.empty()
                : Stream.concat(
                        list(Path.of(contract, "real"), ".http"), list(Path.of(contract, "examples"), ".wire.sse"));
        return Stream.concat(here, there).filter(Transcripts::isStream);
    }

    static List<DifyFrame> frames(Path stream) {
        byte[] bytes = read(stream);
        return frames(stream.toString().endsWith(".http") ? text(body(bytes)) : text(bytes));
    }

    static List<DifyEvent> events(String sse) {
        return frames(sse).stream().map(DifyFrame::toEvent).toList();
    }

    private static List<DifyFrame> frames(String sse) {
        FrameParser parser = new FrameParser();
        return sse.lines()
                .filter(line -> line.startsWith("data: {") && line.endsWith("}"))
                .map(line -> parser.parse(line.substring("data: ".length()).getBytes(UTF_8)))
                .toList();
    }

    private static boolean isStream(Path file) {
        return !file.toString().endsWith(".http")
                || new String(read(file), ISO_8859_1).contains("\r\nContent-Type: text/event-stream");
    }

    /** Each byte a character, without the framing of its chunks. */
    private static String body(byte[] http) {
        String all = new String(http, ISO_8859_1);
        int head = all.indexOf(RESPONSE) + RESPONSE.length();
        int start = all.indexOf("\r\n\r\n", head) + 4;
        if (!all.substring(head, start).contains("Transfer-Encoding: chunked")) {
            return all.substring(start);
        }
        StringBuilder body = new StringBuilder();
        for (int end = all.indexOf("\r\n", start); end > start; end = all.indexOf("\r\n", start)) {
            int size = Integer.parseInt(all.substring(start, end), 16);
            body.append(all, end + 2, Math.min(all.length(), end + 2 + size));
            start = Math.min(all.length(), end + 2 + size + 2);
        }
        return body.toString();
    }

    private static String text(String bytes) {
        return text(bytes.getBytes(ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Transcripts.class.getResourceAsStream(name), name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(Transcripts.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Path> list(Path directory, String suffix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
