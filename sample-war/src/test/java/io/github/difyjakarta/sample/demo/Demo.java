package io.github.difyjakarta.sample.demo;

import io.github.difyjakarta.simulator.DifySimulator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * {@code mvn -Pdemo}: the order desk on Payara Micro until Ctrl-C, with the simulator as its Dify, or the real one that {@code
 * DIFY_API_URL} and {@code DIFY_API_KEY} of the environment name.
 */
public final class Demo {

    private static final String URL_VARIABLE = "DIFY_API_URL";
    private static final String KEY_VARIABLE = "DIFY_API_KEY";

    /** From word to word: slow enough to watch the answer stream. */
    private static final Duration READING_PACE = Duration.ofMillis(50);

    private Demo() {}

    /**
     * Runs until the server ends; the exit code is 1 when it did not start.
     *
     * @param args the server's JAR, the WAR, the working directory, the address and the port to listen on
     */
    @SuppressWarnings("SystemOut") // It talks to the person at the terminal.
    public static void main(String[] args) throws InterruptedException {
        try {
            Dify dify = Dify.from(System.getenv());
            Path directory = Path.of(args[2]);
            System.out.println("\n  Starting Payara Micro, its log is " + PayaraMicro.logFile(directory));
            PayaraMicro server = PayaraMicro.start(
                    new PayaraMicro.Settings(
                            Path.of(args[0]),
                            Path.of(args[1]),
                            "orderdesk",
                            directory,
                            args[3],
                            port(args[4]),
                            dify.environment()),
                    warning -> System.out.println("  " + warning));
            System.out.printf("""

                      Order desk:  %s
                      Log in as    ada / ada-demo   or   bob / bob-demo
                      Dify:        %s
                      Stop with    Ctrl-C

                    """, server.url(), dify.description());
            int exitCode = server.endedByItself().join();
            server.close();
            throw new StartupException("Payara Micro ended by itself, with exit code " + exitCode);
        } catch (StartupException failure) {
            System.err.println("\n  " + failure.getMessage() + "\n");
            System.exit(1);
        }
    }

    private static int port(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        throw new StartupException("-Dport=" + text + " is no port: give a number from 0, any free one, to 65535");
    }

    /**
     * The Dify to talk to.
     *
     * @param environment hands it to the server: there the key shows neither in the process list nor in a log
     */
    private record Dify(String description, Map<String, String> environment) {

        static Dify from(Map<String, String> environment) {
            String url = environment.getOrDefault(URL_VARIABLE, "");
            String key = environment.getOrDefault(KEY_VARIABLE, "");
            if (url.isBlank() != key.isBlank()) {
                throw new StartupException("Set both " + URL_VARIABLE + " and " + KEY_VARIABLE
                        + " for a real Dify, or neither for the simulator");
            }
            return url.isBlank() ? simulator() : new Dify(url, Map.of());
        }

        private static Dify simulator() {
            DifySimulator simulator =
                    DifySimulator.builder().port(0).typing(READING_PACE).start();
            URI url = simulator.url();
            return new Dify(
                    "simulator (set " + URL_VARIABLE + " and " + KEY_VARIABLE + " to use a real one)",
                    Map.of(URL_VARIABLE, url.toString(), KEY_VARIABLE, simulator.key()));
        }
    }
}
