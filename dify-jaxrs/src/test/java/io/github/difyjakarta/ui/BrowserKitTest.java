package io.github.difyjakarta.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrowserKitTest {
    private static final Path SOURCES = Path.of("src/main/resources/META-INF/resources/dify-ui");
    private static final Path TESTS = Path.of("src/test/js");
    private static final int KIB = 1024;

    @Test
    void passesItsOwnTestsInNode() throws Exception {
        try (Stream<Path> files = Files.list(TESTS)) {
            Node.test(Path.of("."), files.filter(file -> file.toString().endsWith(".test.mjs")));
        }
    }

    @Test
    void theReaderAndTheSocketStayBelowThreeKibibytes() {
        assertThat(served("dify-stream.js")).isLessThan(3 * KIB);
        assertThat(served("dify-socket.js")).isLessThan(3 * KIB);
    }

    @Test
    void allOfItStaysBelowThirtyKibibytes() throws IOException {
        int bytes = scripts().stream()
                .mapToInt(file -> served(file.getFileName().toString()))
                .sum();
        assertThat(bytes).isLessThan(30 * KIB);
    }

    @Test
    void neverMakesMarkupOrCodeOfTextAndLoadsNothingFromAnotherHost() throws IOException {
        for (Path file : scripts()) {
            assertThat(file)
                    .content()
                    .doesNotContainPattern(
                            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function")
                    .doesNotContainPattern("(from|import|fetch|url|src|href)\\W{0,3}(https?:)?//");
        }
    }

    @Test
    void saysInTypeScriptWhatEachOfItsEntriesGives() throws IOException {
        List<String> declarations = Pattern.compile("\"types\": \"\\./([a-z-]+\\.d\\.ts)\"")
                .matcher(Files.readString(SOURCES.resolve("package.json")))
                .results()
                .map(entry -> entry.group(1))
                .toList();
        assertThat(declarations).hasSizeGreaterThanOrEqualTo(5).allSatisfy(name -> assertThat(SOURCES.resolve(name))
                .exists());
    }

    @Test
    void hasTheVersionOfTheJar() throws IOException {
        Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(SOURCES.resolve("package.json")).content().contains("\"version\": \"" + version.group(1) + '"');
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".js")).toList();
        }
    }

    private static int served(String name) {
        return Script.load(name).orElseThrow().zipped().bytes().length;
    }
}
