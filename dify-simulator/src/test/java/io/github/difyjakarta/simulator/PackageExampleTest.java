package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of the package's documentation, word for word. */
class PackageExampleTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void runsTheExample() {
        // @example
        try (DifySimulator dify = DifySimulator.start()) {
            dify.next(Script.stream()
                    .event("{\"event\":\"message\",\"task_id\":\"t1\",\"answer\":\"Order 4711 is \"}")
                    .pause(Duration.ofMillis(100))
                    .cut()); // the connection breaks in mid-sentence
            String shown = myApplication(dify.url(), dify.key()).ask("Where is order 4711?");
            assertThat(shown).isEqualTo("Sorry, the answer was cut off.");
            assertThat(dify.requests()).hasSize(1); // and nobody asked twice
        }
        // @end
    }

    @Test
    void showsTheSameExampleInThePackageDocumentation() throws IOException {
        String code = between(
                Files.readString(Path.of("src/test/java/io/github/difyjakarta/simulator/PackageExampleTest.java")),
                "// @example\n",
                "// @" + "end");
        String documentation = between(
                Files.readString(Path.of("src/main/java/io/github/difyjakarta/simulator/package-info.java")),
                "<pre>{@code\n",
                " * }</pre>");
        assertThat(lines(documentation.replaceAll("(?m)^ \\*", ""))).isEqualTo(lines(code));
    }

    private interface Application {
        String ask(String question);
    }

    private Application myApplication(URI url, String key) {
        return question -> {
            java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(URI.create(url + "/chat-messages"))
                    .header("Authorization", "Bearer " + key)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(Wire.question(question, "streaming")))
                    .build();
            try {
                return http.send(request, BodyHandlers.ofString()).body();
            } catch (IOException e) {
                return "Sorry, the answer was cut off.";
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static String between(String text, String begin, String end) {
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf(end, start));
    }

    private static String lines(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }
}
