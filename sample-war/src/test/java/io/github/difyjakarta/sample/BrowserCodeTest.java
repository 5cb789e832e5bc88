package io.github.difyjakarta.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrowserCodeTest {

    @Test
    void neverWritesMarkupAndLoadsNothingFromAnotherHost() throws IOException {
        assertThat(scriptsAndStyles()).isNotEmpty().allSatisfy(file -> assertThat(file)
                .content()
                .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write")
                .doesNotContainPattern("(from|import|fetch|url|src)\\W{0,3}(https?:)?//"));
    }

    private static List<Path> scriptsAndStyles() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/webapp"))) {
            return files.filter(file -> file.toString().matches(".*\\.(js|css)"))
                    .toList();
        }
    }
}
