package io.github.difyjakarta.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * A Payara Micro of its own process, on the loopback address, to which applications come and go as it runs. Ends with {@link
 * #close}, and with this JVM in any case. Thread-safe.
 */
final class PayaraServer implements AutoCloseable {

    private static final Path BUILD = Path.of(System.getProperty("build.directory", "target"));
    static final String LOOPBACK_ONLY =
            "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=127.0.0.1\n";

    private static final Duration START_DEADLINE = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 3;

    private final Process process;
    private final Path directory;
    private final int port;
    private final Socket control;
    private final BufferedReader replies;
    private final PrintWriter commands;

    private PayaraServer(Process process, Path directory, int port, Socket control) throws IOException {
        this.process = process;
        this.directory = directory;
        this.port = port;
        this.control = control;
        this.replies = new BufferedReader(new InputStreamReader(control.getInputStream(), UTF_8));
        this.commands = new PrintWriter(control.getOutputStream(), true, UTF_8);
    }

    /**
     * Starts a server without applications and waits until it is ready.
     *
     * @param name of its directory below {@code target/servers}, where its output is
     * @param environment added to this process's own
     * @param options of Payara Micro, beside our own
     */
    static PayaraServer start(String name, Map<String, String> environment, String... options) {
        try {
            Path directory = BUILD.resolve("servers").resolve(name).toAbsolutePath();
            deleteRecursively(directory);
            Files.createDirectories(directory.resolve("tmp"));
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(directory, environment, List.of(options));
                } catch (IOException e) {
                    if (attempt == ATTEMPTS) { // the port can have been taken since it was found free
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Payara Micro does not start", e);
        }
    }

    private static PayaraServer attempt(Path directory, Map<String, String> environment, List<String> options)
            throws IOException {
        int port = freePort();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProcessBuilder builder = new ProcessBuilder(command(directory, listener.getLocalPort(), port, options))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(outputFile(directory).toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                listener.setSoTimeout((int) START_DEADLINE.toMillis());
                Socket control = listener.accept();
                PayaraServer server = new PayaraServer(process, directory, port, control);
                server.reply();
                return server;
            } catch (IOException e) {
                process.destroyForcibly();
                throw new IOException("See " + outputFile(directory), e);
            }
        }
    }

    private static List<String> command(Path directory, int controlPort, int httpPort, List<String> options)
            throws IOException {
        Path preboot = Files.writeString(directory.resolve("preboot.txt"), LOOPBACK_ONLY);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("server.jvm", "-Xmx512m").split(" ", -1)));
        command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        command.addAll(List.of("-jar", launcher(directory).toString(), Integer.toString(controlPort)));
        command.addAll(List.of("--disablephonehome", "--prebootcommandfile", preboot.toString()));
        if (!options.contains("--hzconfigfile")) {
            command.add("--nohazelcast");
        }
        command.addAll(List.of("--port", Integer.toString(httpPort)));
        command.addAll(options);
        return command;
    }

    /** A JAR with the launcher alone, which opens the JDK to the server as the server's own JAR does. */
    private static Path launcher(Path directory) throws IOException {
        Path server = Path.of(System.getProperty("payara.microJar", "no -Dpayara.microJar"));
        Manifest manifest = new Manifest();
        try (JarFile jar = new JarFile(server.toFile())) {
            manifest.getMainAttributes().putAll(jar.getManifest().getMainAttributes());
        }
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, ServerMain.class.getName());
        manifest.getMainAttributes()
                .put(Attributes.Name.CLASS_PATH, server.toUri().toString());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        Path launcher = directory.resolve("launcher.jar");
        ShrinkWrap.create(JavaArchive.class)
                .addClass(ServerMain.class)
                .setManifest(new ByteArrayAsset(bytes.toByteArray()))
                .as(ZipExporter.class)
                .exportTo(launcher.toFile(), true);
        return launcher;
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Deploys an application below the path that its file name says; its page must answer. */
    void deploy(WebArchive war) {
        tryDeploy(war);
        assertThat(pageStatus(war))
                .as("the page of %s; see %s", war.getName(), outputFile(directory))
                .isEqualTo(200);
    }

    /** The same, but it may fail: the server says yes in any case. */
    void tryDeploy(WebArchive war) {
        deployAs(contextOf(war), war);
    }

    /** The same below the path that its file name says, but known to the server by another name. */
    void deployAs(String name, WebArchive war) {
        File file = directory.resolve(war.getName()).toFile();
        war.as(ZipExporter.class).exportTo(file, true);
        ask("deploy", name, contextOf(war), file.getPath());
    }

    /** {@return the status of the application's page, 404 where it is not deployed} */
    int pageStatus(WebArchive war) {
        try (HttpConnection connection = new HttpConnection(port)) {
            return connection.get("/" + contextOf(war) + "/").readHead().status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void undeploy(WebArchive war) {
        ask("undeploy", contextOf(war));
    }

    static String contextOf(WebArchive war) {
        return war.getName().replaceFirst("\\.war$", "");
    }

    /**
     * Threads by their names, with # for numbers; without those of the server's own pools: the one for requests grows and
     * stays, the one of {@code AsyncContext.start} keeps its threads for a minute.
     */
    Map<String, Integer> threads() {
        Map<String, Integer> threads = new TreeMap<>();
        ask("threads").stream()
                .filter(name -> !name.startsWith("http-thread-pool") && !name.startsWith("glassfish-web-async-thread"))
                .forEach(name -> threads.merge(name.replaceAll("\\d+", "#"), 1, Integer::sum));
        return threads;
    }

    /** {@return the targets of all open file descriptors} */
    List<String> descriptors() {
        return ask("descriptors");
    }

    /** {@return live objects after a full collection} */
    Histogram histogram() {
        return Histogram.parse(ask("histogram"));
    }

    /** {@return what the server has printed so far} */
    String output() {
        try {
            return Files.readString(outputFile(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path outputFile(Path directory) {
        return directory.resolve("output.log");
    }

    private synchronized List<String> ask(String... command) {
        commands.println(String.join("\t", command));
        try {
            return reply();
        } catch (IOException e) {
            throw new UncheckedIOException("The server is gone; see " + outputFile(directory), e);
        }
    }

    private List<String> reply() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = replies.readLine(); !".".equals(line); line = replies.readLine()) {
            if (line == null) {
                throw new IOException("The server has ended the control connection");
            }
            lines.add(line);
        }
        return lines;
    }

    /** Ends it at once, as a machine that fails. */
    void kill() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        control.close();
        deleteRecursively(directory.resolve("tmp"));
    }

    @Override
    public void close() throws IOException {
        control.close();
        try {
            process.onExit().get(20, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
            process.destroyForcibly();
            throw new IOException("Payara Micro does not end by itself; see " + outputFile(directory), e);
        }
        deleteRecursively(directory.resolve("tmp"));
    }

    private static void deleteRecursively(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
