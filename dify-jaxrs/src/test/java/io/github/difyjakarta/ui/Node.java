package io.github.difyjakarta.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Node.js, which nothing that is shipped needs: without it tests are skipped, or fail under {@code -Drequire.tools=true}. */
final class Node {
    private static final long PATIENCE_SECONDS = 180;

    private Node() {}

    /** Runs test files of {@code node:test}; all must pass, and there must be some. */
    static void test(Path directory, Stream<Path> files) {
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
        files.map(Path::toString).sorted().forEach(command::add);
        Ended tests = run(directory, command);
        assertThat(tests.status()).as(tests.output()).isZero();
        assertThat(tests.output()).contains("# fail 0").doesNotContain("# pass 0");
    }

    /** Runs a command that needs the network; without that the test is skipped, or fails under the same switch. */
    static Ended runOnline(Path directory, String... command) {
        Ended ended = run(directory, List.of(command));
        if (ended.status() != 0) {
            missing(String.join(" ", command) + " failed, perhaps for want of a network: " + ended.output());
        }
        return ended;
    }

    /**
     * A command that has ended.
     *
     * @param status 0 for success
     * @param output all that it said
     */
    record Ended(int status, String output) {}

    static Ended run(Path directory, List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return missing(command.get(0) + " is missing; on Debian: apt install nodejs npm");
        }
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> outputOf(process));
        try {
            return new Ended(process.waitFor(), output.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(String.join(" ", command), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String outputOf(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ended missing(String message) {
        return Boolean.getBoolean("require.tools") ? fail(message) : abort(message);
    }
}
