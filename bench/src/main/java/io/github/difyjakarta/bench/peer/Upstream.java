package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import io.github.difyjakarta.bench.upstream.FakeDify;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fake Dify in a process of its own, so that its CPU can be told from the load generator's. {@link #close} ends it.
 * Thread-safe.
 */
public final class Upstream implements AutoCloseable {

    private static final String KEY = "app-bench";

    private final Place place;
    private final ServerProcess process;
    private final HttpClient http = HttpClient.newHttpClient();

    private Upstream(Place place, ServerProcess process) {
        this.place = place;
        this.process = process;
    }

    /**
     * Starts it on a free port and waits until it answers.
     *
     * @param build the module's {@code target} directory
     * @param directory for files and logs, of all peers
     */
    public static Upstream start(Path build, Path directory) throws IOException, InterruptedException {
        int port = freePort();
        Place place = new Place(build, directory, port, URI.create("http://127.0.0.1:" + port + "/v1"), KEY);
        Target target = new DirectPeer().target(place);
        Launch launch = new Launch(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeDify.class.getName(),
                        Integer.toString(port),
                        KEY),
                Map.of());
        return new Upstream(place, ServerProcess.start(launch, directory.resolve("upstream"), target));
    }

    /** {@return a place for a peer in front of it, on a free port} */
    public Place placeOf(Peer peer) throws IOException {
        return new Place(place.build(), place.directory().resolve(peer.name()), freePort(), place.dify(), place.key());
    }

    /** {@return what it costs} */
    public ProcessTree processes() {
        return process.tree();
    }

    /**
     * The streams that were stopped or left before their end, since the last call.
     *
     * @return the moment as {@link System#nanoTime}, by stream
     */
    public Map<Integer, Long> takeLeft() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(place.dify().resolve("/left")).build();
        Map<Integer, Long> left = new HashMap<>();
        http.send(request, BodyHandlers.ofString()).body().lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            left.put(Integer.valueOf(words[0]), Long.valueOf(words[1]));
        });
        return left;
    }

    /**
     * The same, 50 ms later.
     *
     * @throws IOException if the fake Dify has ended
     */
    public Map<Integer, Long> takeLeftSoon() throws IOException, InterruptedException {
        if (process.endsWithin(Duration.ofMillis(50))) {
            throw new IOException("The fake Dify has ended");
        }
        return takeLeft();
    }

    @Override
    public void close() {
        process.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
