package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code <dify-chat>} in a browser, below the strictest Content-Security-Policy, at a server that answers whatever a test wants. The
 * tests themselves are in {@code src/test/js}; there {@code node --test chat.test.mjs} runs them while one works. Pictures of all states
 * are in {@code target/screenshots} afterwards.
 */
class ChatElementIT {

    private static final Path SOURCES = Path.of("src/test/js").toAbsolutePath();
    private static final Path TARGET =
            Path.of(System.getProperty("build.directory", "target")).toAbsolutePath();
    private static final Path PACKAGES = TARGET.resolve("npm");

    @BeforeAll
    static void findsTheToolsAndAxe() throws IOException, InterruptedException {
        for (Map.Entry<String, String> tool : Map.of(
                        "chromium", "chromium", "chromedriver", "chromium-driver", "node", "nodejs", "npm", "npm")
                .entrySet()) {
            Tools.find(tool.getKey(), tool.getValue());
        }
        Files.createDirectories(PACKAGES);
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(SOURCES.resolve(file), PACKAGES.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Ended installed = run(PACKAGES, "npm", "ci", "--no-audit", "--no-fund");
        if (installed.status() != 0) {
            String message = "npm ci failed, perhaps for want of a network: " + installed.output();
            if (Boolean.getBoolean("require.tools")) {
                fail(message);
            }
            abort(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "hostile", "looks"})
    @Timeout(300)
    void passesItsTestsInChromium(String tests) throws IOException, InterruptedException {
        Ended ended = run(SOURCES, "node", "--test", "--test-reporter=tap", tests + ".test.mjs");

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("# fail 0").doesNotContain("# pass 0");
    }

    private record Ended(int status, String output) {}

    private static Ended run(Path directory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("TARGET", TARGET.toString());
        builder.environment().put("NODE_MODULES", PACKAGES.resolve("node_modules") + File.separator);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } finally {
            process.destroy();
        }
    }
}
