package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.simulator.DifySimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's example: what it shows is what runs here. */
class QuickStartTest {
    @Test
    void theExampleOfTheReadmeRuns() {
        try (DifySimulator simulator = DifySimulator.start()) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            ask(simulator.url(), simulator.key(), new PrintStream(printed, true, UTF_8));
            assertThat(printed.toString(UTF_8)).contains("Where is my order?");
        }
    }

    @Test
    void theReadmeShowsTheExampleThatRuns() throws IOException {
        String source = Files.readString(
                Path.of("src", "test", "java", "io", "github", "difyjakarta", "client", "QuickStartTest.java"));
        String body = source.substring(
                source.indexOf("// example\n") + "// example\n".length(), source.lastIndexOf("// end"));
        assertThat(withoutIndent(Files.readString(Path.of("..", "README.md")))).contains(withoutIndent(body));
    }

    private static String withoutIndent(String text) {
        return text.replaceAll("(?m)^ +| +$", "").strip();
    }

    private static void ask(URI url, String key, PrintStream out) {
        // example
        try (DifyClient dify = DifyClient.create(DifyConfig.of(url, new ApiKey(key)));
                DifyStream answer = dify.chat().stream(ChatRequest.of("ada", "Where is my order?"))) {
            for (DifyEvent event : answer) {
                if (event instanceof DifyEvent.Message message) {
                    out.print(message.answer());
                }
            }
        }
        // end
    }
}
