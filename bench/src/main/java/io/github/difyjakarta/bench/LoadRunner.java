package io.github.difyjakarta.bench;

import io.github.difyjakarta.bench.peer.Launch;
import io.github.difyjakarta.bench.peer.Peer;
import io.github.difyjakarta.bench.peer.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code bench/run.sh} starts. */
public final class LoadRunner {

    private LoadRunner() {}

    /**
     * Measures, or with the first word {@code serve} prints the command of a peer's server, a word a line, for the shell to become it.
     *
     * @param arguments the module's {@code target} directory, then {@code <peer>[,<peer>] <scenario>[,<scenario>] [runs] [warm-up
     *     seconds]} or {@code serve <peer> --port N --upstream URL --key K}
     */
    @SuppressWarnings("SystemOut") // It talks to the person at the terminal.
    public static void main(String[] arguments) throws InterruptedException {
        try {
            Path build = Path.of(arguments[0]);
            List<String> words = List.of(arguments).subList(1, arguments.length);
            if (!words.isEmpty() && words.get(0).equals("serve")) {
                command(words, build).asOneCommand().forEach(System.out::println);
            } else {
                LoadRuns.run(Arguments.parse(words), build, System.out);
            }
        } catch (IllegalArgumentException | IOException failure) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
    }

    private static Launch command(List<String> words, Path build) throws IOException {
        if (words.size() != 8) {
            throw new IllegalArgumentException("serve <peer> --port N --upstream URL --key K");
        }
        Peer peer = Peer.named(words.get(1));
        Map<String, String> options = new HashMap<>();
        for (int i = 2; i < words.size(); i += 2) {
            options.put(words.get(i), words.get(i + 1));
        }
        int port = Integer.parseInt(option(options, "--port"));
        Place place = new Place(
                build,
                build.resolve("runs").resolve(peer.name() + "-" + port),
                port,
                URI.create(option(options, "--upstream")),
                option(options, "--key"));
        return peer.prepare(place).orElseThrow(() -> new IllegalArgumentException(peer.name() + " is no server"));
    }

    private static String option(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
