package io.github.difyjakarta.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.load.LoadGenerator;
import io.github.difyjakarta.bench.load.Target;
import io.github.difyjakarta.bench.upstream.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of its own process, which writes into {@code output.log} of its directory. It ends with {@link #close}, or with this
 * JVM unless that is killed. Thread-safe.
 */
final class ServerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final long STOP_SECONDS = 15;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
    private static final Load TRIAL = Load.of(1, Query.of(2, 0)).endingWithin(Duration.ofSeconds(10));
    private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    private final Process process;
    private final Path directory;
    private final Thread hook = new Thread(this::stop, "stop-server");

    private ServerProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a server and waits, at most 3 minutes, until it streams an answer.
     *
     * @throws IOException if it ends or does not answer; nothing is left running
     */
    static ServerProcess start(Launch launch, Path directory, Target target) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        ProcessBuilder builder = new ProcessBuilder(launch.command())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(directory).toFile());
        builder.environment().putAll(launch.environment());
        ServerProcess server = new ServerProcess(builder.start(), directory);
        try {
            server.awaitAnswer(target);
            return server;
        } catch (IOException | InterruptedException failed) {
            server.close();
            throw failed;
        }
    }

    ProcessTree tree() {
        return new ProcessTree(process.toHandle());
    }

    /** {@return bytes of live objects after a full collection, empty if {@code jcmd} cannot tell} */
    OptionalLong liveHeap() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            Matcher total =
                    HISTOGRAM_TOTAL.matcher(new String(asked.getInputStream().readAllBytes(), UTF_8));
            return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
        } catch (IOException noJcmd) {
            return OptionalLong.empty();
        }
    }

    /** Waits so long, or until it has ended by itself. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), MILLISECONDS);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is on its way and does the same.
        }
        stop();
    }

    private static Path log(Path directory) {
        return directory.resolve("output.log");
    }

    private void awaitAnswer(Target target) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (LoadGenerator.run(target, TRIAL).completed() == 1) {
                return;
            }
            if (endsWithin(BETWEEN_TRIES)) {
                throw new IOException("It ended with exit code " + process.exitValue() + "; see " + log(directory));
            }
        }
        throw new IOException("It does not answer within " + START.toSeconds() + " s; see " + log(directory));
    }

    private synchronized void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
