package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Recorded exchanges of a running Dify: a handful lies here, all of them below {@code contract.dir}. */
final class Recordings {

    private Recordings() {}

    /** Empty if it is neither here nor below {@code contract.dir}. */
    static Optional<Path> find(String name) {
        URL here = Recordings.class.getResource("/recordings/" + name);
        if (here != null) {
            try {
                return Optional.of(Path.of(here.toURI()));
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        String contract = System.getProperty("contract.dir", "");
        return contract.isEmpty()
                ? Optional.empty()
                : Optional.of(Path.of(contract, "real", name)).filter(Files::exists);
    }

    static Path file(String name) {
        return find(name).orElseThrow();
    }

    static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    static String request(Path http) throws IOException {
        String text = Files.readString(http, StandardCharsets.UTF_8);
        int start = text.indexOf("=== REQUEST ===\n") + "=== REQUEST ===\n".length();
        return text.substring(start, text.indexOf("\n=== RESPONSE ===\n", start));
    }

    /** Reads the recorded bytes with the same eyes as a live answer. */
    static Response response(Path http) throws IOException {
        byte[] all = Files.readAllBytes(http);
        byte[] mark = "\n=== RESPONSE ===\n".getBytes(StandardCharsets.UTF_8);
        int start = 0;
        while (!Arrays.equals(all, start, start + mark.length, mark, 0, mark.length)) {
            start++;
        }
        try (Wire wire = new Wire(Arrays.copyOfRange(all, start + mark.length, all.length))) {
            return wire.response(request(http).startsWith("HEAD"));
        }
    }
}
