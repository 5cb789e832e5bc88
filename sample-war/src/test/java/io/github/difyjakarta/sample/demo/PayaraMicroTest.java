package io.github.difyjakarta.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PayaraMicroTest {

    private final Path directory;

    PayaraMicroTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> PayaraMicro.start(settings(taken.getLocalPort()), warning -> {}))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " of 127.0.0.1");
        }
    }

    @Test
    void reportsAServerThatEndsAtOnceAndLeavesOnlyItsLog() {
        assertThatThrownBy(() -> PayaraMicro.start(settings(0), warning -> {}))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("ended with exit code 1")
                .hasMessageContaining("server.log");
        assertThat(PayaraMicro.logFile(directory)).content().contains("no-such-server.jar");
        assertThat(directory.resolve("unpacked")).doesNotExist();
    }

    private PayaraMicro.Settings settings(int port) {
        return new PayaraMicro.Settings(
                Path.of("no-such-server.jar"), Path.of("no.war"), "no", directory, "127.0.0.1", port, Map.of());
    }
}
