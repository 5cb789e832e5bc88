package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Jetty's asynchronous proxy. Knows no users and parses nothing. {@code BENCH_JVM} adds options of the JVM. */
record JettyPeer() implements Peer {

    private static final String MAIN = "io.github.difyjakarta.bench.jetty.JettyRelay";

    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public Target target(Place place) {
        return new Target(place.port(), "/chat-messages", List.of());
    }

    @Override
    public boolean isJvm() {
        return true;
    }

    @Override
    public Optional<Launch> prepare(Place place) throws IOException {
        Files.createDirectories(place.directory());
        Path build = place.build().toAbsolutePath();
        List<String> command = new ArrayList<>(Jvm.command());
        command.addAll(List.of(
                "-cp",
                build.resolve("classes") + File.pathSeparator + build.resolve("lib") + "/*",
                MAIN,
                Integer.toString(place.port())));
        return Optional.of(new Launch(command, Map.of("UPSTREAM", place.dify().toString(), "KEY", place.key())));
    }
}
