package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port x", "--colour red", "--mode chess", "--version 0.15.8", "--key "})
    void refusesWhatItDoesNotUnderstand(String arguments) {
        assertThatThrownBy(() -> CommandLine.parse(arguments.split(" ", -1)).start())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "agent-chat", "agent", "advanced-chat", "completion", "workflow"})
    void isAnAppOfAnyModeOnAnyRelease(String mode) throws Exception {
        String[] arguments = {"--mode", mode, "--version", "1.15.0"};
        try (DifySimulator dify = CommandLine.parse(arguments).start()) {
            Wire.Response info = Wire.get(dify, "/info");
            assertThat(info.headers()).contains("X-Version: 1.15.0");
            assertThat(Shape.text(info.body(), "mode")).isEqualTo(mode);
        }
    }

    @Test
    void runsUntilItIsToldToEndAndLeavesNoHalfOpenConnection() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DifySimulator.class.getName(),
                        "--port",
                        "0",
                        "--key",
                        "app-demo")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            assertThat(line).matches("Dify simulator: http://127\\.0\\.0\\.1:\\d+/v1  key: app-demo");
            URI url = URI.create(line.replaceAll(".*(http\\S+) .*", "$1"));
            try (Wire wire = new Wire(url)) {
                String body = Wire.question("Where is 4711?", "streaming");
                wire.send("POST /v1/chat-messages HTTP/1.1\r\nAuthorization: Bearer app-demo\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(wire.head()).contains("HTTP/1.1 200 OK");
                // Not process.destroy(), which would close our end of its output as well.
                process.toHandle().destroy();
                assertThat(new String(wire.toTheEnd(), StandardCharsets.UTF_8)).doesNotContain("message_end");
            }
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(out.readLine()).isNull();
        } finally {
            process.destroyForcibly();
        }
    }
}
