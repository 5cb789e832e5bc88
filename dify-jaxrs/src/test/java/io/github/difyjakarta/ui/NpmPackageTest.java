package io.github.difyjakarta.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The npm package, as npm makes it of the sources, in a project that has it installed beside React. */
class NpmPackageTest {
    private static final Path SOURCES = Path.of("src/main/resources/META-INF/resources/dify-ui");
    private static final Path PROJECTS = Path.of("src/test/npm");

    @ParameterizedTest
    @ValueSource(strings = {"react18", "react19"})
    void worksInReact(String project) throws IOException {
        Path directory = install(project);
        Node.test(directory, Stream.of(Path.of("react.test.mjs"), Path.of("ssr.test.mjs")));
    }

    @Test
    void chatsOverARealWebSocket() throws IOException {
        Node.test(install("react19"), Stream.of(Path.of("socket.test.mjs")));
    }

    @Test
    void saysTheSameInTypeScript() throws IOException {
        Node.Ended compiler =
                Node.run(install("react19"), List.of("node", "node_modules/typescript/bin/tsc", "--project", "."));
        assertThat(compiler.status()).as(compiler.output()).isZero();
    }

    @Test
    void containsTheScriptsTheirTypesAndNothingElse() throws IOException {
        Node.Ended packed = Node.run(SOURCES, List.of("npm", "pack", "--dry-run", "--json"));
        assertThat(packed.status()).as(packed.output()).isZero();
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.forEach(file -> assertThat(packed.output()).contains("\"path\": \"" + file.getFileName() + '"'));
        }
        assertThat(packed.output().split("\"path\"", -1)).hasSize((int) count(SOURCES) + 1);
    }

    /** Made once in a build: whoever comes second finds it. */
    private static Path install(String project) throws IOException {
        Path directory = Path.of("target", "npm", project).toAbsolutePath();
        Files.createDirectories(directory);
        for (Path from : List.of(PROJECTS, PROJECTS.resolve(project))) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        if (!Files.isDirectory(directory.resolve("node_modules"))) {
            Node.runOnline(directory, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        }
        String archive = Node.run(
                        SOURCES, List.of("npm", "pack", "--silent", "--pack-destination", directory.toString()))
                .output()
                .strip();
        Path installed = Files.createDirectories(directory.resolve("node_modules/dify-jakarta"));
        Node.Ended unpacked = Node.run(
                directory, List.of("tar", "-xzf", archive, "-C", installed.toString(), "--strip-components=1"));
        assertThat(unpacked.status()).as(unpacked.output()).isZero();
        return directory;
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
