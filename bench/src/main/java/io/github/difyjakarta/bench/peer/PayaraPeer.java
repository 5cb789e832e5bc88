package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A WAR on Payara Micro. Options of the JVM and of the server may be added by the environment: {@code BENCH_JVM},
 * {@code BENCH_SERVER}.
 *
 * @param name of the peer, and of the WAR
 * @param path of its chat endpoint below the context root
 * @param war puts the application together
 */
record PayaraPeer(String name, String path, WarMaker war) implements Peer {

    /** Every stream is of another caller; nothing is refused for being too many. */
    private static final Map<String, String> SETTINGS = Map.of(
            "DIFY_MODE", "chat",
            "DIFY_ANONYMOUS", "true",
            "DIFY_MAX_CONCURRENT_REQUESTS", "20000");

    /** Puts an application together from what was built. */
    @FunctionalInterface
    interface WarMaker {
        void make(Path war, Path build) throws IOException;
    }

    /** The project: a WAR that holds the drop-in JAR and nothing else. */
    static PayaraPeer relay() {
        return new PayaraPeer("relay", "/dify/default/chat-messages", WarFile::ofDropIn);
    }

    /** The tutorial's relay. */
    static PayaraPeer naive() {
        return new PayaraPeer("naive", "/api/chat-messages", WarFile::ofNaive);
    }

    @Override
    public Target target(Place place) {
        return new Target(place.port(), "/" + name + path, List.of());
    }

    @Override
    public boolean isJvm() {
        return true;
    }

    @Override
    public Optional<Launch> prepare(Place place) throws IOException {
        Path directory = Files.createDirectories(place.directory()).toAbsolutePath();
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Path application = directory.resolve(name + ".war");
        war.make(application, place.build());
        Path preboot = Files.writeString(
                directory.resolve("preboot.txt"),
                "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address"
                        + "=127.0.0.1\n");
        List<String> command = new ArrayList<>(Jvm.command());
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of(
                "-jar",
                place.build().resolve("peers/payara-micro.jar").toAbsolutePath().toString(),
                "--nohazelcast",
                "--disablephonehome",
                "--prebootcommandfile",
                preboot.toString(),
                "--port",
                Integer.toString(place.port()),
                "--deploy",
                application.toString(),
                "--contextroot",
                name));
        command.addAll(Jvm.more("BENCH_SERVER"));
        return Optional.of(new Launch(command, environment(place)));
    }

    private static Map<String, String> environment(Place place) {
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.put("DIFY_API_URL", place.dify().toString());
        // Quotas are decided for each request, and never refuse.
        all.put("DIFY_QUOTA_ANONYMOUS_REQUESTS_PER_MINUTE", "1000000000");
        all.put("DIFY_QUOTA_ANONYMOUS_STREAMS", "1000000000");
        all.put("DIFY_QUOTA_GLOBAL_REQUESTS_PER_MINUTE", "1000000000");
        all.put("DIFY_API_KEY", place.key());
        return all;
    }
}
