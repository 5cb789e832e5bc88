package io.github.difyjakarta.sample.demo;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A Payara Micro of its own process with one application on it. It ends with {@link #close}, or with this JVM unless that is
 * killed; all it writes is below the working directory, and of that only {@code server.log} stays. Thread-safe.
 */
public final class PayaraMicro implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final Process process;
    private final Path unpacked;
    private final ServerLog log;
    private final Thread reader;
    private final Thread hook = new Thread(this::stop, "stop-payara-micro");
    private final URI url;
    private volatile boolean stopping;

    private PayaraMicro(Process process, Path directory, ServerLog log, URI url) {
        this.process = process;
        this.unpacked = unpackDirectory(directory);
        this.log = log;
        this.url = url;
        this.reader = new Thread(() -> copyOutput(logFile(directory)), "payara-micro-log");
        reader.setDaemon(true);
    }

    /**
     * What to run.
     *
     * @param server the JAR of Payara Micro
     * @param war the application
     * @param contextRoot its path, without slashes
     * @param directory where all files go; created if need be, not to be shared with a second server
     * @param address to listen on, {@code 127.0.0.1} for this machine only
     * @param port to listen on, 0 for any free one
     * @param environment added to this process's own; the place for secrets, which a command line would show to everybody
     */
    public record Settings(
            Path server,
            Path war,
            String contextRoot,
            Path directory,
            String address,
            int port,
            Map<String, String> environment) {

        public Settings {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Starts the server and waits, at most 3 minutes, until the application answers.
     *
     * @param warnings takes each line that our own code logs as WARNING or SEVERE, as long as the server runs
     * @throws StartupException if the port is taken, the server ends, or the application does not answer; nothing is left running
     */
    public static PayaraMicro start(Settings settings, Consumer<String> warnings) throws InterruptedException {
        try {
            int port = freePort(settings.address(), settings.port());
            URI url =
                    URI.create("http://" + host(settings.address()) + ":" + port + "/" + settings.contextRoot() + "/");
            Path directory = Files.createDirectories(settings.directory()).toAbsolutePath();
            delete(unpackDirectory(directory));
            Files.createDirectory(unpackDirectory(directory));
            Process process = process(settings, directory, port).start();
            PayaraMicro server = new PayaraMicro(process, directory, new ServerLog(warnings), url);
            server.awaitStart(logFile(directory));
            return server;
        } catch (IOException failure) {
            throw new StartupException("Payara Micro cannot be started: " + failure.getMessage(), failure);
        }
    }

    /** {@return the application's address, ending in a slash} */
    public URI url() {
        return url;
    }

    /** {@return completed with the exit code if the server ends by itself, and never if it is stopped} */
    public CompletableFuture<Integer> endedByItself() {
        return process.onExit()
                .thenCompose(gone ->
                        stopping ? new CompletableFuture<>() : CompletableFuture.completedFuture(gone.exitValue()));
    }

    /** {@return where a server with this working directory logs} */
    public static Path logFile(Path directory) {
        return directory.resolve("server.log");
    }

    /** Stops the server and removes what it unpacked. Waits for its orderly end for 20 seconds, then kills it. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is on its way and does the same; whoever comes second finds nothing to do.
        }
        stop();
    }

    private static int freePort(String address, int wanted) {
        try (ServerSocket probe = new ServerSocket()) {
            // As the server does: a port whose last connections linger in TIME_WAIT is free.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), wanted));
            return probe.getLocalPort();
        } catch (IOException taken) {
            throw new StartupException(
                    "Port " + wanted + " of " + address + " cannot be used: " + taken.getMessage()
                            + ". Give another one, in the demo by -Dport=9090.",
                    taken);
        }
    }

    private static String host(String address) throws IOException {
        InetAddress parsed = InetAddress.getByName(address);
        return parsed.isLoopbackAddress() || parsed.isAnyLocalAddress() ? "localhost" : address;
    }

    private static ProcessBuilder process(Settings settings, Path directory, int port) throws IOException {
        Path preboot = Files.writeString(
                directory.resolve("preboot.txt"),
                "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address="
                        + settings.address() + "\n");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + unpackDirectory(directory),
                        "-Xmx512m",
                        // Starts in half the time; nobody measures throughput here.
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        settings.server().toString(),
                        "--nohazelcast",
                        "--disablephonehome",
                        "--prebootcommandfile",
                        preboot.toString(),
                        "--deploy",
                        settings.war().toString(),
                        "--contextroot",
                        settings.contextRoot(),
                        "--port",
                        Integer.toString(port))
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(settings.environment());
        return builder;
    }

    private void awaitStart(Path logFile) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(hook);
        reader.start();
        boolean started = false;
        try {
            CompletableFuture.anyOf(log.ready(), process.onExit()).get(START_DEADLINE.toSeconds(), SECONDS);
            if (!process.isAlive()) {
                throw failed("Payara Micro ended with exit code " + process.exitValue(), logFile);
            }
            int status = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(url).timeout(START_DEADLINE).build(), BodyHandlers.discarding())
                    .statusCode();
            // Payara Micro calls itself ready also when its only application failed.
            if (status >= 400) {
                throw failed("The application failed to deploy: " + url + " answers " + status, logFile);
            }
            started = true;
        } catch (TimeoutException late) {
            throw failed("Payara Micro was not ready within " + START_DEADLINE.toSeconds() + " s", logFile);
        } catch (ExecutionException | IOException failure) {
            throw failed("The application does not answer: " + failure.getMessage(), logFile);
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private StartupException failed(String what, Path logFile) {
        List<String> failures = log.failures();
        return new StartupException(
                what + "; see " + logFile + (failures.isEmpty() ? "" : "\n    " + String.join("\n    ", failures)));
    }

    private void copyOutput(Path file) {
        try (Reader output = process.inputReader();
                Writer copy = Files.newBufferedWriter(file)) {
            log.copy(output, copy);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot copy the output of Payara Micro to " + file, failure);
        }
    }

    private synchronized void stop() {
        stopping = true;
        // Unlike the process the handle leaves its output open: the last words go to the log.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_DEADLINE.toSeconds(), SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            delete(unpacked);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot delete " + unpacked, failure);
        }
    }

    private static Path unpackDirectory(Path directory) {
        return directory.resolve("unpacked");
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
