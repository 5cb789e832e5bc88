package io.github.difyjakarta.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The one script of {@code <dify-chat>}, which is made of the modules in {@code src/main/js} and committed, so that no build needs
 * Node.js. {@code -Dupdate} makes it anew.
 */
class ChatElementTest {
    private static final Path SOURCES = Path.of("src/main/js").toAbsolutePath();
    private static final Path SERVED = Path.of("src/main/resources/META-INF/resources/dify-ui");
    private static final Path TARGET = Path.of("target", "npm", "chat").toAbsolutePath();

    @Test
    void isMadeOfItsSources() throws IOException {
        Files.createDirectories(TARGET);
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(SOURCES.resolve(file), TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.isDirectory(TARGET.resolve("node_modules"))) {
            Node.runOnline(TARGET, "npm", "ci", "--no-audit", "--no-fund");
        }
        // As far from the sources as the committed one: the source map names them by their path.
        Path made = SERVED.toAbsolutePath().resolveSibling("dify-ui.made").resolve("dify-chat.js");
        try {
            Node.Ended build = Node.run(
                    SOURCES,
                    List.of(
                            "node",
                            "build.mjs",
                            made.toString(),
                            TARGET.resolve("node_modules").toString()));
            assertThat(build.status()).as(build.output()).isZero();
            for (String name : List.of("dify-chat.js", "dify-chat.js.map")) {
                Path file = made.resolveSibling(name);
                if (Boolean.getBoolean("update")) {
                    Files.copy(file, SERVED.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
                assertThat(Files.readString(SERVED.resolve(name)))
                        .as(name + " is not what src/main/js makes; -Dupdate=true -Dtest=ChatElementTest writes it")
                        .isEqualTo(Files.readString(file));
            }
        } finally {
            Files.deleteIfExists(made.resolveSibling("dify-chat.js.map"));
            Files.deleteIfExists(made);
            Files.deleteIfExists(made.getParent());
        }
    }

    @Test
    void staysBelowTwentyKibibytesWithItsRendererAndItsLook() {
        assertThat(Script.load("dify-chat.js").orElseThrow().zipped().bytes()).hasSizeLessThan(20 * 1024);
    }
}
