package io.github.difyjakarta.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrowserCodeTest {

    @Test
    void passesItsOwnTestsInNode() throws Exception {
        Process node = startNode("--test", "src/test/js");
        String report = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(node.waitFor()).as(report).isZero();
        assertThat(report).contains("# fail 0").doesNotContain("# pass 0");
    }

    @Test
    void isPlainAsciiAndNeverWritesMarkup() throws IOException {
        for (Path file : staticFiles()) {
            assertThat(Files.readString(file))
                    .isASCII()
                    .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML");
        }
    }

    private static List<Path> staticFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/webapp/static"))) {
            return files.toList();
        }
    }

    private static Process startNode(String... arguments) {
        try {
            return new ProcessBuilder(Stream.concat(Stream.of("node"), Stream.of(arguments))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            if (Boolean.getBoolean("require.tools")) {
                throw new AssertionError("Node.js is needed to test the browser code", missing);
            }
            return abort("Node.js is not installed: the browser code stays untested. " + missing.getMessage());
        }
    }
}
