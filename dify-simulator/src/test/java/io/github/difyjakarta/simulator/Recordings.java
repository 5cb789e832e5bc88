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
        return new String(requestBytes(http), StandardCharsets.UTF_8);
    }

    /** The request as it was sent, whatever is in it. */
    static byte[] requestBytes(Path http) throws IOException {
        byte[] all = Files.readAllBytes(http);
        int start = end(all, "\n=== REQUEST ===\n");
        int end = end(all, "\n=== RESPONSE ===\n") - "\n=== RESPONSE ===\n".length();
        return Arrays.copyOfRange(all, start, end);
    }

    /** Reads the recorded bytes with the same eyes as a live answer. */
    static Response response(Path http) throws IOException {
        byte[] all = Files.readAllBytes(http);
        int start = end(all, "\n=== RESPONSE ===\n");
        try (Wire wire = new Wire(Arrays.copyOfRange(all, start, all.length))) {
            return wire.response(new String(requestBytes(http), StandardCharsets.UTF_8).startsWith("HEAD"));
        }
    }

    private static int end(byte[] all, String marker) {
        byte[] mark = marker.getBytes(StandardCharsets.UTF_8);
        int start = 0;
        while (!Arrays.equals(all, start, start + mark.length, mark, 0, mark.length)) {
            start++;
        }
        return start + mark.length;
    }
}
